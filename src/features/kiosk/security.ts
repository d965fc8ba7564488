/** The security record as the page reads and saves it. */
import { browserSecurityStore } from '../../client/security-store';
import { kioskSession } from '../../client/kiosk-session';
import {
  formatSecurityRecord,
  readSecurityRecord,
  securityRecordName,
  type SecurityEntry,
} from '../../core/kiosk/security-record';
import { saveBlob } from '../session';

export interface SecurityRecord {
  readonly entries: readonly SecurityEntry[];
  /** Each entry follows from those before it. */
  readonly whole: boolean;
}

export async function securityRecord(): Promise<SecurityRecord> {
  const entries = await (await browserSecurityStore()).entries();
  return { entries, whole: readSecurityRecord(formatSecurityRecord(entries)).ok };
}

/** Saving is told in the record before it is saved. */
export async function saveSecurityRecord(): Promise<void> {
  await kioskSession()?.note({ event: 'record-saved' });
  const { entries } = await securityRecord();
  saveBlob(new Blob([formatSecurityRecord(entries)], { type: 'application/jsonl' }), securityRecordName);
}
