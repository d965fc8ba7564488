import fc from 'fast-check';
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { cohortFile } from '../../fixtures/cohort';
import { anonymize } from './anonymize';
import { parseCommand, type AnonymizeCommand } from './arguments';
import { signKey } from './signing';
import { verify } from './verify';

const folder = mkdtempSync(join(tmpdir(), 'lethe-verify-'));
const out = join(folder, 'out');
const report = join(out, 'lethe-report.json');
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const code = (): Promise<number> => verify({ command: 'verify', report, folder: out }, () => Promise.resolve());

/** An export of every kind of file that one has: two kinds of DICOM, a photograph, an index, the record in its three forms and its signature. */
beforeAll(async () => {
  for (const n of [0, 1, 80, 87]) {
    const { path, bytes } = cohortFile(n);
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), bytes);
  }
  writeFileSync(join(folder, 'passphrase'), 'passphrase of the key\n');
  const key = join(folder, 'key.pem');
  const passphraseFile = join(folder, 'passphrase');
  await signKey({ command: 'sign-key', name: 'Office', out: key, passphraseFile }, () => undefined);
  const copies = ['--report-csv', join(out, 'lethe-report.csv'), '--report-html', join(out, 'lethe-report.html')];
  const words = ['--out', out, '--report', report, ...copies, '--dicomdir', '--pixels', 'off'];
  const sign = ['--sign', key, '--sign-passphrase-file', passphraseFile];
  const command = parseCommand(['anonymize', join(folder, 'cohort'), ...words, ...sign]) as AnonymizeCommand;
  const said = { note: () => undefined, progress: () => undefined };
  expect(await anonymize(command, said, new AbortController().signal)).toBe(0);
}, 60_000);

describe('lethe verify', () => {
  const files = (): string[] =>
    readdirSync(out, { recursive: true, encoding: 'utf8' }).filter((name) => statSync(join(out, name)).isFile());

  it(
    'finds one flipped bit, one byte less and one byte more in whatever lies in an export',
    { timeout: 120_000 },
    async () => {
      const names = files();
      const endings = new Set(names.map((name) => /[^./]+$/.exec(name)?.[0] ?? ''));
      expect([...endings].sort()).toEqual(['DICOMDIR', 'I0000001', 'I0000002', 'csv', 'html', 'json', 'p7s', 'png']);
      expect(await code()).toBe(0);
      for (const name of names) {
        const file = join(out, name);
        const bytes = readFileSync(file);
        const harm = async (harmed: Uint8Array, what: string): Promise<void> => {
          writeFileSync(file, harmed);
          expect(await code(), `${name}: ${what}`).not.toBe(0);
        };
        await fc.assert(
          fc.asyncProperty(fc.nat(bytes.length - 1), fc.nat(7), async (at, bit) => {
            const harmed = Uint8Array.from(bytes);
            harmed[at] = (harmed[at] ?? 0) ^ (1 << bit);
            await harm(harmed, `bit ${bit} of byte ${at}`);
          }),
          { numRuns: 25 },
        );
        await harm(bytes.subarray(0, -1), 'one byte less');
        await harm(Uint8Array.from([...bytes, 0]), 'one byte more');
        writeFileSync(file, bytes);
      }
      expect(await code()).toBe(0);
    },
  );
});
