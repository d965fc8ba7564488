import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync, mkdirSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { parseCommand, UsageError } from './arguments';
import { findInputs } from './inputs';
import { readKey, readProfile, writeKey } from './settings';
import { help } from './help';
import type { AnonymizeCommand } from './arguments';

const folder = mkdtempSync(join(tmpdir(), 'lethe-args-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const anonymize = (...words: string[]): AnonymizeCommand =>
  parseCommand(['anonymize', 'in', '--out', 'out', ...words]) as AnonymizeCommand;

describe('parseCommand', () => {
  it('reads every option that the help names', () => {
    expect(
      anonymize('--pixels', 'all', '--text-policy', 'identifying', '--style=solid', '--jobs', '3', '--key-out', 'k'),
    ).toMatchObject({
      inputs: ['in'],
      out: 'out',
      pixels: 'all',
      textPolicy: 'identifying',
      style: 'solid',
      jobs: 3,
      keyOut: 'k',
    });
    for (const [option] of help.matchAll(/--[a-z-]+/g)) {
      const value =
        {
          '--pixels': 'off',
          '--style': 'blur',
          '--text-policy': 'identifying',
          '--jobs': '1',
          '--role': 'auditor',
          '--map': '-',
        }[option] ?? 'x';
      const flag = ['--quiet', '--help', '--json', '--dicom', '--sign-dicom'].includes(option);
      const closed = { '--bundle': ['--recipient', 'r'], '--recipient': ['--bundle', 'b'] }[option] ?? [];
      const isPlace = ['--out', '--zip', '--encrypted-zip', '--bundle', '--recipient'].includes(option);
      const place = isPlace ? [] : option === '--password-file' ? ['--encrypted-zip', 'o'] : ['--out', 'o'];
      // What goes with a policy alone, and what a policy wants.
      const policy = { '--role': 1, '--pin-file': 1, '--security-record': 1 }[option] ? ['--policy', 'p'] : [];
      const record = ['--policy', '--role', '--pin-file'].includes(option) ? ['--security-record', 'r'] : [];
      const sign = option === '--sign-dicom' ? ['--sign', 'k'] : [];
      const words =
        option === '--signer' || option === '--dicom'
          ? ['verify', 'r', 'd']
          : option === '--json'
            ? ['detect', 'in']
            : ['anonymize', 'in', ...place, ...closed, ...policy, ...record, ...sign];
      expect(() => parseCommand([...words, option, ...(flag ? [] : [value])]), option).not.toThrow();
    }
  });

  it('wants exactly one place for the results', () => {
    const refused = (...words: string[]) =>
      expect(() => parseCommand(['anonymize', 'in', ...words])).toThrow(UsageError);
    refused();
    refused('--out', 'a', '--zip', 'b');
    refused('--zip', 'a', '--resume');
    refused('--zip', 'a', '--password-file', 'p');
    expect(parseCommand(['anonymize', 'in', '--encrypted-zip', 'a.zip', '--password-file', 'p'])).toMatchObject({
      out: 'a.zip',
      container: 'encrypted-zip',
      passwordFile: 'p',
    });
  });

  it.each([
    [[]],
    [['polish', 'in']],
    [['anonymize', '--out', 'o']],
    [['anonymize', 'in']],
    [['anonymize', 'in', '--out', 'o', '--pixels', 'some']],
    [['anonymize', 'in', '--out', 'o', '--text-policy', 'some']],
    [['anonymize', 'in', '--out', 'o', '--jobs', '0']],
    [['anonymize', 'in', '--out', 'o', '--jbos', '2']],
    [['anonymize', 'in', '--out', 'o', '--json']],
    [['detect', 'in']],
    [['detect', 'in', '--json', '--out', 'o']],
  ])('refuses %j', (words) => {
    expect(() => parseCommand(words)).toThrow(UsageError);
  });
});

describe('findInputs', () => {
  it('walks folders in a stable order, without links that lead round, and not into the output', async () => {
    const root = join(folder, 'tree');
    mkdirSync(join(root, 'b', 'c'), { recursive: true });
    mkdirSync(join(root, 'out'));
    for (const name of ['z', 'b/2', 'b/10', 'b/c/x', 'out/y']) writeFileSync(join(root, name), name);
    symlinkSync(root, join(root, 'b', 'loop'));
    symlinkSync(join(root, 'z'), join(root, 'link'));
    const found = await findInputs([root], [join(root, 'out')]);
    expect(found.map((f) => f.path)).toEqual(['tree/b/10', 'tree/b/2', 'tree/b/c/x', 'tree/link', 'tree/z']);
    expect(await findInputs([join(root, 'z'), root, join(root, 'z')], [join(root, 'out')])).toHaveLength(5);
    await expect(findInputs([join(root, 'none')])).rejects.toThrow(UsageError);
  });
});

describe('keys', () => {
  it('are read as digits, from a file of digits, or from raw bytes', async () => {
    const digits = 'ab'.repeat(32);
    const bytes = new Uint8Array(32).fill(0xab);
    writeFileSync(join(folder, 'digits'), `${digits}\n`);
    writeFileSync(join(folder, 'raw'), bytes);
    for (const given of [digits, join(folder, 'digits'), join(folder, 'raw')]) {
      expect(await readKey(given)).toEqual({ key: bytes, fresh: false });
    }
    for (const bad of ['abcd', join(folder, 'none')]) await expect(readKey(bad)).rejects.toThrow(UsageError);
  });

  it('are made anew when none is given, and kept only where asked', async () => {
    const { key, fresh } = await readKey(undefined);
    expect(fresh).toBe(true);
    expect(key).not.toEqual((await readKey(undefined)).key);
    const file = join(folder, 'kept');
    await writeKey(file, key);
    expect(statSync(file).mode & 0o077).toBe(0);
    expect((await readKey(file)).key).toEqual(key);
    await expect(writeKey(file, key)).rejects.toThrow(UsageError);
    expect(readFileSync(file, 'utf8')).toHaveLength(65);
  });
});

describe('readProfile', () => {
  it('takes the command line before the profile', async () => {
    expect((await readProfile(anonymize('--pixels', 'all', '--style', 'mosaic'))).pixels).toMatchObject({
      policy: 'all',
      style: 'mosaic',
    });
  });

  it('refuses what is no profile', async () => {
    const file = join(folder, 'profile.json');
    for (const text of ['{', '{}', '{"schema": "lethe-profile/1", "optionz": []}']) {
      writeFileSync(file, text);
      await expect(readProfile(anonymize('--profile', file))).rejects.toThrow(UsageError);
    }
    await expect(readProfile(anonymize('--profile', 'nobody'))).rejects.toThrow(UsageError);
  });
});
