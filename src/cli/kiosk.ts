/** `--policy`: the command line keeps the policy of a machine as its page does, and writes the same security record. */
import { closeSync, fsyncSync, openSync, readFileSync, rmSync, statSync, writeSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { setTimeout as wait } from 'node:timers/promises';
import { makePin } from '../core/kiosk/pin';
import { readKioskPolicy, type KioskPolicy } from '../core/kiosk/policy';
import type { Role } from '../core/kiosk/roles';
import { formatEntry, nextEntry, readSecurityRecord, type SecurityEntry } from '../core/kiosk/security-record';
import { KioskSession, type SecurityStore } from '../core/kiosk/session';
import { UsageError } from './usage';

export interface PolicyWords {
  readonly policy: string;
  readonly securityRecord: string;
  readonly role: Role;
  readonly pinFile?: string;
}

async function textOf(file: string, what: string): Promise<string> {
  return readFile(file, 'utf8').catch(() => {
    throw new UsageError(`${what} '${file}' can't be read.`);
  });
}

/** @throws UsageError when the policy can't be kept, the record can't be written or the PIN is wrong */
export async function openKiosk(words: PolicyWords): Promise<KioskSession> {
  const read = readKioskPolicy(await textOf(words.policy, 'The policy'));
  if (!read.ok) throw new UsageError(read.message);
  if (read.value === null) throw new UsageError('The policy is not enabled: it says "enabled": false.');
  const session = await KioskSession.begin(read.value, fileRecord(words.securityRecord));
  if (session.role === words.role) return session;
  if (words.pinFile === undefined)
    throw new UsageError(`The role ${words.role} needs its PIN: --pin-file FILE, or - to type it.`);
  const pin = (
    words.pinFile === '-' ? await textOf('/dev/stdin', 'The PIN') : await textOf(words.pinFile, 'The PIN')
  ).trim();
  const unlocked = await session.unlock(words.role, pin);
  if (unlocked.ok) return session;
  const until = new Date(unlocked.until).toLocaleTimeString('en-GB');
  throw new UsageError(
    {
      'no-pin': `The policy has no PIN for the role ${words.role}.`,
      wrong: 'The PIN is wrong.',
      'locked-out': `Too many wrong PINs: no PIN is looked at before ${until}.`,
    }[unlocked.code],
  );
}

/** A record in a file that is only ever added to. Each entry is on the disk before what it tells of is done. */
export function fileRecord(file: string): SecurityStore {
  const read = (): readonly SecurityEntry[] => {
    let text: string;
    try {
      text = readFileSync(file, 'utf8');
    } catch (error) {
      if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return [];
      throw new UsageError(`The security record '${file}' can't be read.`);
    }
    if (text === '') return [];
    const entries = readSecurityRecord(text);
    if (!entries.ok)
      throw new UsageError(`${entries.message} Keep '${file}' for whoever looks into it, and name another.`);
    return entries.value;
  };
  return {
    entries: () => Promise.resolve(read()),
    append: (event, role, at) =>
      alone(`${file}.lock`, () => {
        const entry = nextEntry(read().at(-1), event, { role, at });
        try {
          const descriptor = openSync(file, 'a', 0o600);
          writeSync(descriptor, formatEntry(entry));
          fsyncSync(descriptor);
          closeSync(descriptor);
        } catch {
          throw new UsageError(`The security record '${file}' can't be written. Nothing was done.`);
        }
        return entry;
      }),
  };
}

/** Two runs must not add to a record at the same moment. A lock that is older than this was left by one that was killed. */
const staleMs = 10_000;

async function alone<T>(lock: string, task: () => T): Promise<T> {
  for (;;) {
    try {
      closeSync(openSync(lock, 'wx'));
      break;
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST'))
        throw new UsageError(`'${lock}' can't be made: the security record must lie where you may write.`);
    }
    const age = Date.now() - (statSync(lock, { throwIfNoEntry: false })?.mtimeMs ?? Date.now());
    if (age > staleMs) rmSync(lock, { force: true });
    else await wait(20);
  }
  try {
    return task();
  } finally {
    rmSync(lock, { force: true });
  }
}

/** `lethe policy FILE`. @returns the exit code */
export async function checkPolicy(file: string, print: (text: string) => Promise<void>): Promise<number> {
  const read = readKioskPolicy(await textOf(file, 'The policy'));
  if (!read.ok) {
    await print(`${read.message}\n`);
    return 2;
  }
  await print(read.value === null ? 'The policy is not enabled.\n' : `${summaryOf(read.value).join('\n')}\n`);
  return 0;
}

function summaryOf(policy: KioskPolicy): string[] {
  const pins = Object.keys(policy.pins);
  const rules = policy.rules ?? [];
  return [
    `policy ${policy.digest.slice(0, 16)}`,
    `profile: ${policy.profile?.name ?? 'free to choose'}`,
    `destinations: ${policy.destinations.join(', ')}`,
    `every image looked at: ${policy.requireReview ? 'yes' : 'no'}`,
    `PINs: ${pins.length === 0 ? 'none' : pins.join(', ')}`,
    rules.length === 0
      ? 'rules: none; roles alone decide'
      : 'rules (what none allows is denied; one that denies is stronger):',
    ...rules.map(({ id, effect, because, ...conditions }) => {
      const words = Object.entries(conditions).map(([name, value]) => `${name} ${wordsOf(value)}`);
      return `  ${effect} ${id}: ${words.length === 0 ? 'always' : words.join(', ')}${because === undefined ? '' : ` (${because})`}`;
    }),
  ];
}

const wordsOf = (value: unknown): string =>
  Array.isArray(value)
    ? value.join('|')
    : Object.entries(value as object)
        .map(([name, v]) => `${name} ${Array.isArray(v) ? v.join('|') : String(v)}`)
        .join(' ');

/** Shorter ones are guessed in minutes by whoever has the policy file. */
const shortestPin = 6;

/** `lethe pin`: reads a PIN from standard input and prints what goes into the policy. @returns the exit code */
export async function pinRecord(print: (text: string) => Promise<void>): Promise<number> {
  const pin = (await textOf('/dev/stdin', 'The PIN')).trim();
  if (pin.length < shortestPin) throw new UsageError(`A PIN must have at least ${shortestPin} characters.`);
  await print(`${JSON.stringify(await makePin(pin))}\n`);
  return 0;
}
