import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { unzipSync } from 'fflate';
import { afterAll, describe, expect, it } from 'vitest';
import { hasProgram, makeIdentity, openBundle, run, unpack7z } from '../../fixtures/crypto-readers';
import { plantedCorpus } from '../../fixtures/planted';
import { anonymize } from './anonymize';
import { parseCommand, type AnonymizeCommand } from './arguments';
import { verify } from './verify';

const folder = mkdtempSync(join(tmpdir(), 'lethe-archives-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const key = '0123456789abcdef'.repeat(4);
const input = join(folder, 'in.dcm');
writeFileSync(input, plantedCorpus().find((f) => f.kind === 'dicom')?.bytes ?? '');

const lethe = async (...words: string[]): Promise<number> =>
  anonymize(
    parseCommand(['anonymize', input, '--key', key, '--pixels', 'off', ...words]) as AnonymizeCommand,
    { note: () => undefined, progress: () => undefined },
    new AbortController().signal,
  );

describe.skipIf(!hasProgram('7zz'))('lethe anonymize --encrypted-zip', () => {
  it('writes what 7-Zip opens with the password, its record in it', async () => {
    const zip = join(folder, 'a.zip');
    const password = join(folder, 'password.txt');
    writeFileSync(password, 'correct horse battery\n');
    await lethe('--encrypted-zip', zip, '--password-file', password);
    const names = Object.keys(await unpack7z(readFileSync(zip), 'correct horse battery'));
    expect(names).toContain('lethe-report.json');
    expect(names.some((n) => n.endsWith('.dcm'))).toBe(true);
    expect(readdirSync(folder).filter((n) => n.includes('lethe-part'))).toEqual([]);

    const out = join(folder, 'unpacked');
    run('7zz', ['x', '-pcorrect horse battery', `-o${out}`, zip]);
    let said = '';
    const code = await verify({ command: 'verify', report: join(out, 'lethe-report.json'), folder: out }, (text) => {
      said += text;
      return Promise.resolve();
    });
    expect([code, said]).toEqual([0, expect.stringContaining('as recorded') as string]);
  });

  it.skipIf(!hasProgram('openssl'))('--bundle: each recipient opens it with OpenSSL', { timeout: 60_000 }, async () => {
    const people = [makeIdentity('rsa', 'One'), makeIdentity('P-384', 'Two')];
    const words = people.flatMap(({ certificate }, i) => {
      writeFileSync(join(folder, `${i}.pem`), certificate);
      return ['--recipient', join(folder, `${i}.pem`)];
    });
    await lethe('--bundle', join(folder, 'a.zip.p7m'), ...words);
    for (const person of people) {
      const zip = openBundle(readFileSync(join(folder, 'a.zip.p7m')), person);
      expect(Object.keys(unzipSync(zip))).toContain('lethe-report.json');
    }
    expect(() => openBundle(readFileSync(join(folder, 'a.zip.p7m')), makeIdentity('rsa', 'Other'))).toThrow();
    await expect(lethe('--bundle', join(folder, 'x.p7m'))).rejects.toThrow('--recipient');
  });

  it('refuses a short password and a file that is there', async () => {
    const password = join(folder, 'short.txt');
    writeFileSync(password, 'short');
    await expect(lethe('--encrypted-zip', join(folder, 'b.zip'), '--password-file', password)).rejects.toThrow('12');
    writeFileSync(join(folder, 'c.zip'), 'mine');
    await expect(lethe('--zip', join(folder, 'c.zip'))).rejects.toThrow('exists');
    expect(readFileSync(join(folder, 'c.zip'), 'utf8')).toBe('mine');
  });
});
