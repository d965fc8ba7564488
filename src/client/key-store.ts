/** Where the page keeps its signing key between visits: as PEM, the private key encrypted by its passphrase. Nothing else is kept. */

const databaseName = 'lethe-keys';
const storeName = 'signing';
const current = 'current';

function opened(): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    const opening = indexedDB.open(databaseName, 1);
    opening.onupgradeneeded = () => opening.result.createObjectStore(storeName);
    opening.onsuccess = () => resolve(opening.result);
    opening.onerror = () => reject(opening.error ?? new Error('the database failed'));
  });
}

async function within<T>(mode: IDBTransactionMode, task: (store: IDBObjectStore) => IDBRequest<T>): Promise<T | null> {
  try {
    const database = await opened();
    return await new Promise<T>((resolve, reject) => {
      const transaction = database.transaction(storeName, mode);
      const request = task(transaction.objectStore(storeName));
      transaction.oncomplete = () => {
        database.close();
        resolve(request.result);
      };
      transaction.onabort = () => reject(transaction.error ?? new Error('the database gave up'));
    });
  } catch {
    // No storage in this window: the key lives as long as the page.
    return null;
  }
}

/** null: there is none. Never rejects. */
export async function storedKey(): Promise<string | null> {
  const kept: unknown = await within('readonly', (store) => store.get(current) as IDBRequest<unknown>);
  return typeof kept === 'string' ? kept : null;
}

/** @param pem refused (not kept) unless its private key is encrypted */
export async function keepKey(pem: string): Promise<void> {
  if (!pem.includes('BEGIN ENCRYPTED PRIVATE KEY') || /BEGIN (RSA |EC )?PRIVATE KEY/.test(pem)) return;
  await within('readwrite', (store) => store.put(pem, current));
}

export async function dropKey(): Promise<void> {
  await within('readwrite', (store) => store.delete(current));
}
