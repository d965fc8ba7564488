/** For tests: a policy from its document, a security record in memory. */
import { nextEntry, type SecurityEntry } from './security-record';
import { KioskSession, type SecurityStore } from './session';
import { readKioskPolicy, type KioskPolicy } from './policy';

export const policyOf = (more: object = {}): KioskPolicy => {
  const read = readKioskPolicy(JSON.stringify({ schema: 'lethe-kiosk/1', enabled: true, profile: 'basic', ...more }));
  if (!read.ok || read.value === null) throw new Error(read.ok ? 'no policy' : read.message);
  return read.value;
};

export interface MemoryRecord extends SecurityStore {
  readonly all: SecurityEntry[];
  /** Nothing more can be written. */
  full: boolean;
}

export function memoryRecord(): MemoryRecord {
  const all: SecurityEntry[] = [];
  const record: MemoryRecord = {
    all,
    full: false,
    entries: () => Promise.resolve([...all]),
    append: (event, role, at) => {
      if (record.full) return Promise.reject(new Error('full'));
      const entry = nextEntry(all.at(-1), event, { role, at });
      all.push(entry);
      return Promise.resolve(entry);
    },
  };
  return record;
}

/** A Tuesday, ten in the morning by the clock of the machine. */
export const tuesday = new Date(2026, 10, 24, 10, 0);

export async function sessionOf(more: object = {}, at = tuesday) {
  const record = memoryRecord();
  const clock = { now: at };
  const session = await KioskSession.begin(policyOf(more), record, () => clock.now);
  return { session, record, clock };
}
