/** A disk that is full, for real: a file system of two MiB in a name space of its own. With room again the run goes on and ends whole. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { cohortFile } from '../../fixtures/cohort';

const folder = mkdtempSync(join(tmpdir(), 'lethe-full-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const disk = join(folder, 'disk');
mkdirSync(disk);

const isolated = (script: string) =>
  spawnSync('unshare', ['-rm', 'sh', '-c', `mount -t tmpfs -o size=700k tmpfs '${disk}' && ${script}`], {
    encoding: 'utf8',
    maxBuffer: 1e8,
  });
const canMount = process.platform === 'linux' && isolated('true').status === 0;

const key = '00112233445566778899aabbccddeeff'.repeat(2);
const count = 90;

/** Names and hashes of all below the current folder, without the journal. */
const list = `find . -type f ! -name '*.lethe-*' -exec sha256sum {} + | sort`;

describe.skipIf(!canMount)('a full disk', () => {
  it('stops the run with a sentence and whole files only; more room and --resume end it as if nothing had been', () => {
    for (let n = 0; n < count; n++) {
      const { path, bytes } = cohortFile(n);
      mkdirSync(dirname(join(folder, 'in', path)), { recursive: true });
      writeFileSync(join(folder, 'in', path), bytes);
    }
    const lethe = (out: string, ...more: string[]): string =>
      [process.execPath, '--import', 'tsx', join('src', 'cli', 'main.ts'), 'anonymize', join(folder, 'in', 'cohort')]
        .concat(['--out', out, '--key', key, '--pixels', 'off', '--jobs', '1', '--quiet', ...more])
        .map((word) => `'${word}'`)
        .join(' ');
    const out = `${disk}/out`;
    const at = (name: string): string => join(folder, name);
    const done = isolated(
      [
        `(${lethe(out)} 2>'${at('said')}'; echo $? >'${at('first')}')`,
        `(cd '${out}' && ${list} >'${at('some')}'; find . -name '*.lethe-part' >'${at('parts')}')`,
        `mount -o remount,size=64m '${disk}'`,
        `(${lethe(out, '--resume')}; echo $? >'${at('second')}')`,
        `(cd '${out}' && ${list} >'${at('all')}')`,
        lethe(`${disk}/whole`),
        `(cd '${disk}/whole' && ${list} >'${at('whole')}')`,
      ].join('; '),
    );
    const read = (name: string): string => readFileSync(at(name), 'utf8');
    const lines = (name: string): string[] => read(name).split('\n').filter(Boolean);
    expect(read('first').trim(), done.stderr).toBe('2');
    expect(read('said')).toContain('--resume');
    expect(lines('some').length).toBeGreaterThan(5);
    expect(lines('some').length).toBeLessThan(lines('whole').length);
    expect(lines('parts')).toEqual([]);
    const whole = new Set(lines('whole'));
    expect(lines('some').filter((line) => !whole.has(line))).toEqual([]);
    expect(lines('all')).toEqual(lines('whole'));
    expect(['0', '2']).toContain(read('second').trim());
  });
});
