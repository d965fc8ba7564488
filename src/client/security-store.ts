/** The security record in the browser (IndexedDB). Entries are only ever added; two windows add to the same record. */
import { nextEntry, type SecurityEntry } from '../core/kiosk/security-record';
import type { SecurityStore } from '../core/kiosk/session';

const databaseName = 'lethe-security';
const storeName = 'entries';

function open(): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    const opening = indexedDB.open(databaseName, 1);
    opening.onupgradeneeded = () => opening.result.createObjectStore(storeName, { keyPath: 'n' });
    opening.onsuccess = () => resolve(opening.result);
    opening.onerror = () => reject(opening.error ?? new Error('the security record can not be opened'));
  });
}

export async function browserSecurityStore(): Promise<SecurityStore> {
  const database = await open();
  return {
    entries: () =>
      new Promise((resolve, reject) => {
        const asked = database.transaction(storeName).objectStore(storeName).getAll() as IDBRequest<SecurityEntry[]>;
        asked.onsuccess = () => resolve(asked.result);
        asked.onerror = () => reject(asked.error ?? new Error('the security record can not be read'));
      }),
    append: (event, role, at) =>
      new Promise((resolve, reject) => {
        // The last entry is read in the transaction that adds the next: nobody comes between.
        const transaction = database.transaction(storeName, 'readwrite', { durability: 'strict' });
        const store = transaction.objectStore(storeName);
        const last = store.openCursor(null, 'prev');
        let entry: SecurityEntry | undefined;
        last.onsuccess = () => {
          entry = nextEntry(last.result?.value as SecurityEntry | undefined, event, { role, at });
          store.add(entry);
        };
        transaction.oncomplete = () => {
          if (entry === undefined) reject(new Error('nothing was added'));
          else resolve(entry);
        };
        transaction.onabort = () => reject(transaction.error ?? new Error('the security record can not be written'));
      }),
  };
}
