/** Files for the journeys: the planted corpus, the sample study, and input that no reader should accept. */
import type { Page } from '@playwright/test';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { plantedCorpus } from '../../fixtures/planted';
import { root } from './lethe';

export interface TestFile {
  /** With '/', below the dropped folder. */
  readonly path: string;
  readonly bytes: Uint8Array;
}

export function sample(path: string): TestFile {
  return { path, bytes: new Uint8Array(readFileSync(join(root, 'public/samples', path))) };
}

/** One planted file of each kind and a few of DICOM, with the texts that must not leave. */
export function planted(): { files: TestFile[]; secrets: string[] } {
  const corpus = plantedCorpus();
  const chosen = [
    ...corpus.filter((f) => f.kind === 'dicom').filter((_, i) => i % 6 === 0),
    ...corpus.filter((f) => f.kind === 'png').slice(0, 2),
    ...corpus.filter((f) => f.kind === 'jpeg').slice(0, 2),
  ];
  return {
    files: chosen.map((f) => ({ path: f.name, bytes: f.bytes })),
    // Short ones occur by chance in any compressed stream.
    secrets: [...new Set(chosen.flatMap((f) => f.planted.map((p) => p.text)).filter((t) => t.length >= 6))],
  };
}

export function broken(): TestFile[] {
  const text = (s: string) => new TextEncoder().encode(s);
  const still = sample('US abdomen/still.dcm').bytes;
  const png = sample('ECG/Fairweather Imogen ECG.png').bytes;
  const noSize = png.slice();
  noSize.fill(0, 16, 24);
  return [
    { path: 'broken/empty.dcm', bytes: new Uint8Array(0) },
    { path: 'broken/notes.dcm', bytes: text('Dear colleague, thank you for sending this patient.') },
    { path: 'broken/truncated.dcm', bytes: still.slice(0, still.length >> 1) },
    { path: 'broken/zero.png', bytes: noSize },
    { path: 'broken/truncated.png', bytes: png.slice(0, png.length >> 1) },
    { path: 'broken/letter.pdf', bytes: text('%PDF-1.7 not an image') },
  ];
}

/** Drops files on the page as a person would from the desktop; the browser gives a made-up drop no folders. */
export async function drop(page: Page, files: readonly TestFile[]): Promise<void> {
  const plain = files.map((f) => ({
    name: f.path.split('/').at(-1) ?? f.path,
    base64: Buffer.from(f.bytes).toString('base64'),
  }));
  await page.evaluate((list) => {
    const transfer = new DataTransfer();
    for (const { name, base64 } of list)
      transfer.items.add(new File([Uint8Array.from(atob(base64), (c) => c.charCodeAt(0))], name));
    for (const type of ['dragenter', 'dragover', 'drop'])
      document.body.dispatchEvent(new DragEvent(type, { dataTransfer: transfer, bubbles: true, cancelable: true }));
  }, plain);
}

/** Lays files into the origin's private file system and hands that folder out where the page asks for one. */
export async function offerFolder(page: Page, files: readonly TestFile[]): Promise<void> {
  const plain = files.map((f) => ({ path: f.path, base64: Buffer.from(f.bytes).toString('base64') }));
  await page.evaluate(async (list) => {
    const home = await navigator.storage.getDirectory();
    const top = await home.getDirectoryHandle('study', { create: true });
    for (const { path, base64 } of list) {
      const names = path.split('/');
      let folder = top;
      for (const name of names.slice(0, -1)) folder = await folder.getDirectoryHandle(name, { create: true });
      const handle = await folder.getFileHandle(names.at(-1) ?? path, { create: true });
      const stream = await handle.createWritable();
      await stream.write(Uint8Array.from(atob(base64), (c) => c.charCodeAt(0)));
      await stream.close();
    }
    const out = await home.getDirectoryHandle('out', { create: true });
    Object.assign(window, {
      showDirectoryPicker: (options?: { mode?: string }) => Promise.resolve(options?.mode === 'readwrite' ? out : top),
    });
  }, plain);
}

/** Every file below the folder that the page wrote into. */
export async function writtenFiles(page: Page): Promise<TestFile[]> {
  const list = await page.evaluate(async () => {
    const found: { path: string; base64: string }[] = [];
    const visit = async (folder: FileSystemDirectoryHandle, prefix: string): Promise<void> => {
      for await (const [name, handle] of folder.entries()) {
        if (handle.kind === 'directory') await visit(handle, `${prefix}${name}/`);
        else {
          const bytes = new Uint8Array(await (await handle.getFile()).arrayBuffer());
          let binary = '';
          for (let i = 0; i < bytes.length; i += 32768) binary += String.fromCharCode(...bytes.subarray(i, i + 32768));
          found.push({ path: prefix + name, base64: btoa(binary) });
        }
      }
    };
    await visit(await (await navigator.storage.getDirectory()).getDirectoryHandle('out'), '');
    return found;
  });
  return list.map((f) => ({ path: f.path, bytes: new Uint8Array(Buffer.from(f.base64, 'base64')) }));
}

/** Which of the texts stand in the bytes, as ASCII/Latin-1, UTF-8 or UTF-16 of either order. */
export function found(bytes: Uint8Array, texts: readonly string[]): string[] {
  const hay = Buffer.from(bytes);
  return texts.filter((text) => {
    const little = Buffer.from(text, 'utf16le');
    const big = Buffer.from(little).swap16();
    return [Buffer.from(text, 'utf8'), Buffer.from(text, 'latin1'), little, big].some(
      // What Latin-1 can't hold would be searched as question marks.
      (needle, i) => (i !== 1 || needle.toString('latin1') === text) && hay.includes(needle),
    );
  });
}
