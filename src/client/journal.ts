/**
 * The journal of an export in the browser (IndexedDB): what lets it go on after the tab was closed, the browser killed or the machine
 * switched off. It holds handles of the folders and archives that the person picked, salted hashes of inputs, and outcomes; no identity. The
 * project key lies in it sealed by a key that the browser does not hand out, only until the export is complete.
 */
import type { Profile } from '../core/deid/profile';
import type { Region } from '../core/detect/types';
import { forJournal, itemKey, newSalt, silent, type BatchJournal, type Finished } from '../core/pipeline/journal';
import { sizeOf } from '../core/pipeline/packed';
import type { ExportItem, ExportRequest, FileInput, SourceHandle } from './types';

const databaseName = 'lethe-journal';

/** What a person decided about one input before the export began. */
export interface StoredDecision {
  readonly regions?: readonly Region[];
  readonly accepted?: NonNullable<ExportItem['accepted']>;
  readonly reviewed?: boolean;
  readonly excluded?: boolean;
  readonly waiting?: boolean;
  readonly copy?: boolean;
}

interface StoredBatch {
  readonly id: 'current';
  readonly created: Date;
  readonly salt: Uint8Array<ArrayBuffer>;
  readonly profile: Profile;
  readonly sealing: CryptoKey;
  readonly iv: Uint8Array<ArrayBuffer>;
  readonly sealedKey: ArrayBuffer;
  readonly destination: FileSystemDirectoryHandle;
  /** Folders and archives that all inputs came from; empty when some were dropped or picked one by one. */
  readonly sources: readonly SourceHandle[];
  /** Keys of all inputs, in their order: running numbers depend on it. */
  readonly order: readonly string[];
  readonly pathTemplate?: string;
  readonly dicomdir: boolean;
  /** Fingerprint of whose key signs the images. */
  readonly imagesSignedBy?: string;
  readonly includeReport: boolean;
}

/** An export that did not come to its end. */
export interface Interrupted extends Omit<StoredBatch, 'id' | 'sealing' | 'iv' | 'sealedKey'> {
  readonly key: Uint8Array;
  /** Results that are there. */
  readonly done: number;
  readonly finished: ReadonlyMap<string, Finished>;
  readonly decisions: ReadonlyMap<string, StoredDecision>;
}

export const inputKey = (salt: Uint8Array, input: FileInput): string =>
  itemKey(salt, { path: input.path, size: sizeOf(input), modified: input.file.lastModified });

function request<T>(of: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    of.onsuccess = () => resolve(of.result);
    of.onerror = () => reject(of.error ?? new Error('the database failed'));
  });
}

function ended(transaction: IDBTransaction): Promise<void> {
  return new Promise((resolve, reject) => {
    transaction.oncomplete = () => resolve();
    transaction.onabort = () => reject(transaction.error ?? new Error('the database gave up'));
  });
}

function open(): Promise<IDBDatabase> {
  const opening = indexedDB.open(databaseName, 1);
  opening.onupgradeneeded = () => {
    for (const name of ['batch', 'finished', 'decisions']) opening.result.createObjectStore(name);
  };
  return request(opening);
}

const stores = ['batch', 'finished', 'decisions'] as const;

/** Forgets whatever could be gone on with. Never rejects. */
export async function dropJournal(): Promise<void> {
  try {
    const database = await open();
    const transaction = database.transaction(stores, 'readwrite');
    for (const name of stores) transaction.objectStore(name).clear();
    await ended(transaction);
    database.close();
  } catch {
    // No storage in this window: nothing was kept either.
  }
}

/** One export at a time has the journal, whatever the number of windows; the browser gives it back when a window dies. */
const lockName = 'lethe-export';

function holdLock(): Promise<(() => void) | null> {
  return new Promise((resolve) => {
    void navigator.locks.request(lockName, { ifAvailable: true }, (lock) => {
      if (lock === null) {
        resolve(null);
        return undefined;
      }
      return new Promise<void>((release) => resolve(release));
    });
  });
}

/** Resolves when no window is at an export: at once, or when the one that is ends or dies. Never rejects. */
export async function journalFree(): Promise<void> {
  try {
    await navigator.locks.request(lockName, { mode: 'shared' }, () => undefined);
  } catch {
    // No locks here: then nothing is held.
  }
}

/** The export that was interrupted, if any, and if no other window is at it. Never rejects. */
export async function readJournal(): Promise<Interrupted | null> {
  try {
    const { held = [] } = await navigator.locks.query();
    if (held.some((lock) => lock.name === lockName)) return null;
    const database = await open();
    const transaction = database.transaction(stores, 'readonly');
    const [batch, keys, values, decisionKeys, decisions] = await Promise.all([
      request<StoredBatch | undefined>(
        transaction.objectStore('batch').get('current') as IDBRequest<StoredBatch | undefined>,
      ),
      request(transaction.objectStore('finished').getAllKeys()),
      request<Finished[]>(transaction.objectStore('finished').getAll() as IDBRequest<Finished[]>),
      request(transaction.objectStore('decisions').getAllKeys()),
      request<StoredDecision[]>(transaction.objectStore('decisions').getAll() as IDBRequest<StoredDecision[]>),
    ]);
    database.close();
    if (batch === undefined) return null;
    const { sealing, iv, sealedKey, ...rest } = batch;
    const key = new Uint8Array(await crypto.subtle.decrypt({ name: 'AES-GCM', iv }, sealing, sealedKey));
    return {
      ...rest,
      key,
      done: values.length,
      finished: paired(keys, values),
      decisions: paired(decisionKeys, decisions),
    };
  } catch {
    return null;
  }
}

function paired<T>(keys: readonly IDBValidKey[], values: readonly T[]): ReadonlyMap<string, T> {
  const map = new Map<string, T>();
  values.forEach((value, i) => {
    const key = keys[i];
    if (typeof key === 'string') map.set(key, value);
  });
  return map;
}

/** Outcomes are gathered for so long, then written in one go. What is lost with them is found at the destination again. */
const gatherMs = 100;

export class ExportJournal implements BatchJournal {
  readonly #database: IDBDatabase;
  readonly #keys: readonly string[];
  readonly #earlier: ReadonlyMap<string, Finished>;
  #waiting: { readonly key: string; readonly finished: Finished }[] = [];
  #timer: ReturnType<typeof setTimeout> | undefined;
  readonly #release: () => void;
  #writing: Promise<void> = Promise.resolve();

  private constructor(
    database: IDBDatabase,
    keys: readonly string[],
    earlier: ReadonlyMap<string, Finished>,
    release: () => void,
  ) {
    this.#release = release;
    this.#database = database;
    this.#keys = keys;
    this.#earlier = earlier;
  }

  /** Begins a journal for an export into a folder, or goes on with an earlier one. null: this window keeps nothing. */
  static async begin(
    of: ExportRequest,
    destination: FileSystemDirectoryHandle,
    created: Date,
  ): Promise<ExportJournal | null> {
    const release = await holdLock();
    if (release === null) return null;
    try {
      const { resumed } = of;
      if (resumed !== undefined) {
        const keys = of.items.map((item) => inputKey(resumed.salt, item));
        return new ExportJournal(await open(), keys, resumed.finished, release);
      }
      await dropJournal();
      const salt = newSalt() as Uint8Array<ArrayBuffer>;
      const keys = of.items.map((item) => inputKey(salt, item));
      const sealing = await crypto.subtle.generateKey({ name: 'AES-GCM', length: 256 }, false, ['encrypt', 'decrypt']);
      const iv = crypto.getRandomValues(new Uint8Array(12));
      const sealedKey = await crypto.subtle.encrypt(
        { name: 'AES-GCM', iv },
        sealing,
        of.key as Uint8Array<ArrayBuffer>,
      );
      const database = await open();
      const transaction = database.transaction(['batch', 'decisions'], 'readwrite');
      const batch: StoredBatch = {
        id: 'current',
        created,
        salt,
        profile: of.profile,
        sealing,
        iv,
        sealedKey,
        destination,
        sources: of.sources ?? [],
        order: keys,
        dicomdir: of.dicomdir === true,
        includeReport: of.includeReport !== false,
        ...(of.pathTemplate !== undefined && { pathTemplate: of.pathTemplate }),
        ...(of.imageSigner !== undefined && { imagesSignedBy: of.imageSigner.facts.fingerprint }),
      };
      transaction.objectStore('batch').put(batch, 'current');
      of.items.forEach((item, i) => {
        const decision = decisionOf(item);
        if (decision !== null) transaction.objectStore('decisions').put(decision, keys[i]);
      });
      await ended(transaction);
      return new ExportJournal(database, keys, new Map(), release);
    } catch {
      release();
      return null;
    }
  }

  finished(index: number): Finished | undefined {
    return this.#earlier.get(this.#keys[index] ?? '');
  }

  record(index: number, finished: Finished): Promise<void> {
    const key = this.#keys[index];
    if (key !== undefined) this.#waiting.push({ key, finished: forJournal(finished) });
    this.#timer ??= setTimeout(() => void this.#flush(), gatherMs);
    return Promise.resolve();
  }

  #flush(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const some = this.#waiting;
    this.#waiting = [];
    if (some.length === 0) return this.#writing;
    this.#writing = this.#writing.then(async () => {
      try {
        const transaction = this.#database.transaction('finished', 'readwrite');
        for (const { key, finished } of some) transaction.objectStore('finished').put(finished, key);
        await ended(transaction);
      } catch {
        // Storage is full or gone: the results are there all the same.
      }
    });
    return this.#writing;
  }

  /** @param complete nothing is left to go on with: the journal goes */
  async close(complete: boolean): Promise<void> {
    await this.#flush();
    this.#database.close();
    if (complete) await dropJournal();
    this.#release();
  }
}

function decisionOf({ regions, accepted, reviewed, excluded, waiting, copy }: ExportItem): StoredDecision | null {
  if (regions === undefined && accepted === undefined && [excluded, waiting, copy].every((f) => f !== true))
    return null;
  return {
    ...(regions !== undefined && { regions: silent(regions) }),
    ...(accepted !== undefined && { accepted }),
    ...(reviewed === true && { reviewed }),
    ...(excluded === true && { excluded }),
    ...(waiting === true && { waiting }),
    ...(copy === true && { copy }),
  };
}
