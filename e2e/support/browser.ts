/** A Chromium with a profile on the disk, that can be killed and opened again, and folders in it that stand in for picked ones. */
import { chromium, type BrowserContext, type Page } from '@playwright/test';
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';

const root = process.getuid?.() === 0;

export function openBrowser(
  profile: string,
  { serviceWorkers = 'allow' }: { readonly serviceWorkers?: 'allow' | 'block' } = {},
): Promise<BrowserContext> {
  return chromium.launchPersistentContext(profile, {
    ...(process.env.CHROMIUM_PATH ? { executablePath: process.env.CHROMIUM_PATH } : {}),
    viewport: { width: 1440, height: 900 },
    locale: 'en-GB',
    reducedMotion: 'reduce',
    serviceWorkers,
    args: [
      ...(root ? ['--no-sandbox'] : []),
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      '--no-first-run',
      '--enable-precise-memory-info',
    ],
  });
}

/** Kills the browser of a profile as a power cut would: no event, no clean-up. Only processes that hold this profile. */
export async function killBrowser(context: BrowserContext, profile: string): Promise<void> {
  const lock = readlinkSync(join(profile, 'SingletonLock'));
  const pid = Number(lock.split('-').at(-1));
  const closed = new Promise((resolve) => context.once('close', resolve));
  process.kill(pid, 'SIGKILL');
  await closed;
}

/** Every file below a folder of the disk whose bytes hold one of the texts (as UTF-8 or UTF-16). */
export function filesHolding(folder: string, texts: readonly string[], leaveOut: (path: string) => boolean): string[] {
  const needles = texts.flatMap((t) => [Buffer.from(t, 'utf8'), Buffer.from(t, 'utf16le')]);
  return readdirSync(folder, { recursive: true, withFileTypes: true }).flatMap((entry) => {
    const path = join(entry.parentPath, entry.name);
    if (!entry.isFile() || leaveOut(path)) return [];
    const bytes = readFileSync(path);
    return needles.some((needle) => bytes.includes(needle)) ? [path] : [];
  });
}

declare global {
  interface Window {
    /** Files that got their final name since the page was opened. */
    resultsWritten: number;
    /** The disk hangs before the next result gets its name: no export is over before a test interrupts it. */
    hangsAfter: number;
    /** A test stops there. */
    permittedResults: number;
  }
}

/**
 * Hands out folders of the origin's private file system where the page asks for one: 'in' to read, 'out' to write. Counts what is
 * moved to its final name: to look at the folders while they are written to would slow the writing down.
 */
export async function offerPrivateFolders(page: Page): Promise<void> {
  await page.addInitScript(() => {
    window.resultsWritten = 0;
    window.hangsAfter = Infinity;
    let begun = 0;
    const files = FileSystemFileHandle.prototype as { move?: (name: string) => Promise<void> };
    const { move } = files;
    if (move === undefined) throw new Error('this browser can not move files');
    files.move = async function (name) {
      if (++begun > window.hangsAfter) await new Promise(() => undefined);
      await move.call(this, name);
      window.resultsWritten++;
    };
    Object.assign(window, {
      showDirectoryPicker: async (options?: { mode?: string }) => {
        const home = await navigator.storage.getDirectory();
        return home.getDirectoryHandle(options?.mode === 'readwrite' ? 'out' : 'in', { create: true });
      },
    });
  });
}

/** Lays files into the folder 'in', many at a time. */
export async function layFiles(page: Page, files: Iterable<{ path: string; bytes: Uint8Array }>): Promise<void> {
  let some: { path: string; base64: string }[] = [];
  const flush = async (): Promise<void> => {
    await page.evaluate(async (list) => {
      const home = await navigator.storage.getDirectory();
      for (const { path, base64 } of list) {
        const names = path.split('/');
        let folder = await home.getDirectoryHandle('in', { create: true });
        for (const name of names.slice(0, -1)) folder = await folder.getDirectoryHandle(name, { create: true });
        const stream = await (await folder.getFileHandle(names.at(-1) ?? path, { create: true })).createWritable();
        await stream.write(Uint8Array.from(atob(base64), (c) => c.charCodeAt(0)));
        await stream.close();
      }
    }, some);
    some = [];
  };
  for (const { path, bytes } of files) {
    some.push({ path, base64: Buffer.from(bytes).toString('base64') });
    if (some.length === 200) await flush();
  }
  await flush();
}

/** Name and SHA-256 of every file below a private folder, sorted. */
export function privateHashes(page: Page, name: string): Promise<string[]> {
  return page.evaluate(async (wanted) => {
    const lines: string[] = [];
    const visit = async (folder: FileSystemDirectoryHandle, prefix: string): Promise<void> => {
      for await (const [child, handle] of folder.entries()) {
        if (handle.kind === 'directory') await visit(handle, `${prefix}${child}/`);
        else {
          const bytes = await (await handle.getFile()).arrayBuffer();
          const hash = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
          lines.push(`${prefix}${child} ${[...hash].map((b) => b.toString(16).padStart(2, '0')).join('')}`);
        }
      }
    };
    const home = await navigator.storage.getDirectory();
    try {
      await visit(await home.getDirectoryHandle(wanted), '');
    } catch (error) {
      if (!(error instanceof DOMException && error.name === 'NotFoundError')) throw error;
    }
    return lines.sort();
  }, name);
}

/** Results that may still get their names after the wanted ones, so that a test strikes while the export is at work. */
const slack = 6;

/** Does what begins or goes on with an export, and waits until so many results were written since the page was opened. */
export async function writtenWhile(page: Page, wanted: number, begin: () => Promise<void>): Promise<void> {
  await page.evaluate((n) => (window.hangsAfter = n), wanted + slack);
  await begin();
  await page.waitForFunction((n) => window.resultsWritten >= n, wanted, { polling: 10, timeout: 110_000 });
}

export const writtenSoFar = (page: Page): Promise<number> => page.evaluate(() => window.resultsWritten);

/** Everything that the origin keeps, as text: IndexedDB, caches, localStorage, sessionStorage, names and files of the private folders but 'in'. */
export function everythingKept(page: Page): Promise<string> {
  return page.evaluate(async () => {
    const said: string[] = [
      JSON.stringify(Object.entries(localStorage)),
      JSON.stringify(Object.entries(sessionStorage)),
    ];
    const decoder = new TextDecoder('latin1');
    const show = (value: unknown): string => {
      if (value instanceof ArrayBuffer) return decoder.decode(value);
      if (ArrayBuffer.isView(value)) return decoder.decode(value);
      if (value instanceof FileSystemHandle) return value.name;
      if (Array.isArray(value)) return value.map(show).join('\n');
      if (value instanceof Map) return [...value].map(show).join('\n');
      if (typeof value === 'object' && value !== null)
        return Object.entries(value)
          .map(([k, v]) => `${k}: ${show(v)}`)
          .join('\n');
      return String(value);
    };
    for (const { name = '' } of await indexedDB.databases()) {
      const database = await new Promise<IDBDatabase>((resolve, reject) => {
        const opening = indexedDB.open(name);
        opening.onsuccess = () => resolve(opening.result);
        opening.onerror = () => reject(new Error('no database'));
      });
      for (const store of database.objectStoreNames) {
        const all = (method: 'getAll' | 'getAllKeys'): Promise<unknown[]> =>
          new Promise((resolve, reject) => {
            const asked = database.transaction(store).objectStore(store)[method]();
            asked.onsuccess = () => resolve(asked.result);
            asked.onerror = () => reject(new Error('no store'));
          });
        said.push(name, store, show(await all('getAllKeys')), show(await all('getAll')));
      }
      database.close();
    }
    for (const name of await caches.keys()) {
      for (const request of await (await caches.open(name)).keys()) said.push(request.url);
    }
    const visit = async (folder: FileSystemDirectoryHandle, path: string): Promise<void> => {
      for await (const [name, handle] of folder.entries()) {
        if (path === '' && name === 'in') continue;
        said.push(name);
        if (handle.kind === 'directory') await visit(handle, `${path}/${name}`);
        else said.push(decoder.decode(await (await handle.getFile()).arrayBuffer()));
      }
    };
    await visit(await navigator.storage.getDirectory(), '');
    return said.join('\n');
  });
}
