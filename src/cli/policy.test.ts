/** The policy of a machine on the command line: the same core, the same record. */
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { cohortFile, cohortSecrets } from '../../fixtures/cohort';
import { makePin } from '../core/kiosk/pin';
import { readSecurityRecord } from '../core/kiosk/security-record';
import { anonymize } from './anonymize';
import { parseCommand } from './arguments';
import { checkPolicy, fileRecord } from './kiosk';
import { UsageError } from './usage';
import { verify } from './verify';

const folder = mkdtempSync(join(tmpdir(), 'lethe-policy-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const at = (...names: string[]): string => join(folder, ...names);
const record = at('security.jsonl');
let printed = '';
const print = (text: string): Promise<void> => Promise.resolve(void (printed += text));

beforeAll(async () => {
  // CT, CR, ultrasound, PNG.
  for (const n of [0, 1, 2, 3, 72, 73, 80, 81, 82, 87, 88]) {
    const { path, bytes } = cohortFile(n);
    mkdirSync(dirname(at('in', path)), { recursive: true });
    writeFileSync(at('in', path), bytes);
  }
  const policy = {
    schema: 'lethe-kiosk/1',
    enabled: true,
    profile: 'maximum',
    destinations: ['folder'],
    pins: { supervisor: await makePin('271828', 300_000) },
    rules: [
      { id: 'operators', effect: 'allow', role: ['operator'], action: ['export'] },
      { id: 'supervisors', effect: 'allow', role: ['supervisor'] },
      { id: 'no-ultrasound', effect: 'deny', modality: ['US', 'none'] },
    ],
  };
  writeFileSync(at('kiosk.json'), JSON.stringify(policy));
  writeFileSync(at('pin'), '271828\n');
  writeFileSync(at('wrong'), '1\n');
});

async function run(out: string, ...more: string[]): Promise<{ readonly code: number; readonly notes: string }> {
  const command = parseCommand([
    ...['anonymize', at('in'), '--out', at(out), '--jobs', '1', '--report', at(`${out}.json`)],
    ...['--policy', at('kiosk.json'), '--security-record', record, ...more],
  ]);
  if (command.command !== 'anonymize') throw new Error('another command');
  let notes = '';
  const terminal = { note: (text: string) => void (notes += `${text}\n`), progress: () => undefined };
  return { code: await anonymize(command, terminal, new AbortController().signal), notes };
}

async function check(...words: string[]): Promise<number> {
  const command = parseCommand(['verify', ...words]);
  if (command.command !== 'verify') throw new Error('another command');
  printed = '';
  return verify(command, print);
}

describe('lethe anonymize --policy', () => {
  it('keeps to profile and rules, writes down what was decided, and both records point at each other', async () => {
    expect(await run('refused', '--profile', 'basic')).toMatchObject({ code: 2 });
    expect(() => readdirSync(at('refused'))).toThrow();
    const { code, notes } = await run('out', '--pixels', 'all');
    expect([code, notes.includes('not-allowed')]).toEqual([2, true]);
    const report = JSON.parse(readFileSync(at('out.json'), 'utf8')) as {
      instances: { code?: string; status: string }[];
      profile: { name: string };
    };
    expect(report.profile.name).toBe('maximum');
    const denied = report.instances.filter((i) => i.code === 'not-allowed').length;
    expect(denied).toBeGreaterThan(0);
    expect(report.instances.filter((i) => i.status === 'exported').length).toBeGreaterThan(0);
    const text = readFileSync(record, 'utf8');
    const entries = readSecurityRecord(text);
    if (!entries.ok) throw new Error(entries.message);
    const refused = entries.value.flatMap((e) => (e.event === 'decision' && !e.allowed ? [e] : []));
    expect(refused[0]).toMatchObject({ action: 'change-profile', reason: 'profile-fixed' });
    expect(refused.slice(1).reduce((sum, e) => sum + (e.count ?? 0), 0)).toBe(denied);
    expect(refused.slice(1).every((e) => e.rule === 'no-ultrasound')).toBe(true);
    for (const secret of cohortSecrets) expect(text.includes(secret), secret).toBe(false);
    expect(await check(record)).toBe(0);
    expect(await check(at('out.json'), at('out'), '--security-record', record)).toBe(0);
  });

  it('is found out by a flipped byte, and by the last lines cut off', async () => {
    const text = readFileSync(record, 'utf8');
    const other = at('other.jsonl');
    writeFileSync(other, text.replace('"allowed":false', '"allowed":true'));
    expect([await check(other), printed]).toEqual([2, expect.stringContaining('line')]);
    writeFileSync(other, text.split('\n').slice(0, 2).join('\n') + '\n');
    expect(await check(other)).toBe(0);
    expect(await check(at('out.json'), at('out'), '--security-record', other)).toBe(2);
    expect(printed).toContain('does not hold the decision');
    writeFileSync(record, `${text} `);
    await expect(run('never')).rejects.toThrow(UsageError);
    writeFileSync(record, text);
  });

  it('lets a supervisor do more, with the PIN alone', async () => {
    const pinned = ['--role', 'supervisor', '--profile', 'basic'];
    await expect(run('never', ...pinned)).rejects.toThrow(/needs its PIN/);
    await expect(run('never', ...pinned, '--pin-file', at('wrong'))).rejects.toThrow(/wrong/);
    expect((await run('supervised', ...pinned, '--pixels', 'auto', '--pin-file', at('pin'))).notes).toContain(
      'exported',
    );
  });

  it('wants a record, and words that go together', () => {
    for (const words of [
      ['--policy', 'p'],
      ['--role', 'operator'],
      ['--policy', 'p', '--security-record', 'r', '--role', 'boss'],
    ])
      expect(() => parseCommand(['anonymize', 'in', '--out', 'out', ...words])).toThrow(UsageError);
  });

  it('says what a policy means, and what is wrong with it', async () => {
    printed = '';
    expect(await checkPolicy(at('kiosk.json'), print)).toBe(0);
    expect(printed).toContain('deny no-ultrasound: modality US|none');
    writeFileSync(at('bad.json'), '{"schema":"lethe-kiosk/1","enabled":true,"rule":[]}');
    expect(await checkPolicy(at('bad.json'), print)).toBe(2);
  });

  it('adds to its record from many sides at once without a torn line', async () => {
    const file = at('many.jsonl');
    const sides = [fileRecord(file), fileRecord(file), fileRecord(file)];
    await Promise.all(
      Array.from({ length: 30 }, (_, i) =>
        (sides[i % 3] ?? fileRecord(file)).append({ event: 'wiped' }, 'operator', new Date()),
      ),
    );
    expect(readSecurityRecord(readFileSync(file, 'utf8'))).toMatchObject({ ok: true, value: { length: 30 } });
  });
});
