/** The command line killed at moments that nobody chose, and gone on with. */
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { cohortFile, cohortSecrets } from '../../fixtures/cohort';
import { temporarySuffix } from '../core/export/directory';
import { journalOf } from './journal';

const folder = mkdtempSync(join(tmpdir(), 'lethe-resume-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const input = join(folder, 'in', 'cohort');
const key = '00112233445566778899aabbccddeeff'.repeat(2);
const count = 200;

const words = (out: string, ...more: string[]): string[] => [
  ...['--import', 'tsx', join('src', 'cli', 'main.ts'), 'anonymize', input],
  ...['--out', out, '--key', key, '--pixels', 'off', '--jobs', '2', '--quiet', '--dicomdir', ...more],
];

function filesBelow(root: string): string[] {
  if (!existsSync(root)) return [];
  return readdirSync(root, { recursive: true, encoding: 'utf8' })
    .filter((f) => statSync(join(root, f), { throwIfNoEntry: false })?.isFile() === true)
    .sort();
}

const hashes = (root: string): string[] =>
  filesBelow(root).map(
    (f) =>
      `${f} ${createHash('sha256')
        .update(readFileSync(join(root, f)))
        .digest('hex')}`,
  );

/** Starts a run and kills it when so many results are there; true when it was still at work then. */
async function killed(out: string, results: number, ...more: string[]): Promise<boolean> {
  const child = spawn(process.execPath, words(out, ...more), { stdio: 'ignore' });
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  while (child.exitCode === null && filesBelow(out).length < results) await new Promise((r) => setTimeout(r, 2));
  const atWork = child.kill('SIGKILL');
  await ended;
  return atWork;
}

describe('lethe anonymize --resume', () => {
  const undisturbed = join(folder, 'undisturbed');
  beforeAll(() => {
    for (let n = 0; n < count; n++) {
      const { path, bytes } = cohortFile(n);
      mkdirSync(dirname(join(folder, 'in', path)), { recursive: true });
      writeFileSync(join(folder, 'in', path), bytes);
    }
    const done = spawnSync(process.execPath, words(undisturbed), { encoding: 'utf8' });
    expect(done.stderr).toContain('exported');
  });

  it(
    'gives the results of an undisturbed run after SIGKILLs, nothing twice, nothing torn',
    { timeout: 120_000 },
    async () => {
      const out = join(folder, 'killed');
      let kills = 0;
      for (const results of [7, 60, 140]) {
        if (await killed(out, results, ...(kills > 0 ? ['--resume'] : []))) kills++;
        // Whatever carries a final name is whole already.
        const whole = new Set(hashes(undisturbed));
        for (const line of hashes(out)) if (!line.includes(temporarySuffix)) expect(whole).toContain(line);
        const journal = readFileSync(journalOf(out), 'utf8');
        for (const secret of cohortSecrets) expect(journal).not.toContain(secret);
      }
      expect(kills).toBe(3);
      const refused = spawnSync(process.execPath, words(out), { encoding: 'utf8' });
      expect([refused.status, refused.stderr]).toEqual([1, expect.stringContaining('--resume')]);
      const other = words(out, '--resume').map((w) => (w === key ? 'f'.repeat(64) : w));
      expect(spawnSync(process.execPath, other, { encoding: 'utf8' }).stderr).toContain('another profile, key');
      const last = spawnSync(process.execPath, words(out, '--resume'), { encoding: 'utf8' });
      expect(last.stderr).toMatch(/\d+ results are there from before/);
      expect(hashes(out)).toEqual(hashes(undisturbed));
      expect(existsSync(journalOf(out))).toBe(false);
    },
  );

  it('makes a DICOMDIR that other readers follow to every file', () => {
    const index = join(undisturbed, 'DICOMDIR');
    const program = `
import sys, pathlib, pydicom
from pydicom.fileset import FileSet
root = pathlib.Path(sys.argv[1])
fs = FileSet(root / 'DICOMDIR')
n = 0
for i in fs:
    d = i.load(); n += 1
    assert d.SOPInstanceUID == i.SOPInstanceUID and d.PatientID == i.PatientID
print(n, sum(1 for p in (root / 'DICOM').rglob('I*') if p.is_file()))`;
    const done = spawnSync('/usr/bin/python3', ['-W', 'ignore', '-c', program, undisturbed], { encoding: 'utf8' });
    if (done.error === undefined) expect([done.stderr, done.stdout.trim()]).toEqual(['', '174 174']);
    const dump = spawnSync('dcmdump', ['-q', '-ml', index], { encoding: 'utf8' });
    if (dump.error === undefined) expect([dump.status, dump.stderr]).toEqual([0, '']);
    const validated = spawnSync('dciodvfy', [index], { encoding: 'utf8' });
    if (validated.error === undefined)
      expect(validated.stderr.split('\n').filter((l) => l.startsWith('Error'))).toEqual([]);
    for (const secret of cohortSecrets) expect(readFileSync(index).includes(secret)).toBe(false);
  });
});
