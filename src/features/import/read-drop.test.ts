import { describe, expect, it } from 'vitest';
import { droppedSources, readEntries, readFileList, readSource } from './read-drop';

const fileEntry = (name: string, fails = false) =>
  ({
    isFile: true,
    isDirectory: false,
    name,
    file: (ok: (f: File) => void, no: (e: Error) => void) =>
      fails ? no(new Error('denied')) : ok(new File(['x'], name)),
  }) as unknown as FileSystemEntry;

/** Gives its children in bundles of a hundred, as Chromium does. */
const folder = (name: string, children: readonly FileSystemEntry[]) =>
  ({
    isFile: false,
    isDirectory: true,
    name,
    createReader: () => {
      let at = 0;
      return {
        readEntries: (ok: (entries: readonly FileSystemEntry[]) => void) => {
          ok(children.slice(at, at + 100));
          at += 100;
        },
      };
    },
  }) as unknown as FileSystemEntry;

describe('dropped folders', () => {
  it('gives every file of a large folder, in order, with its path', async () => {
    const many = Array.from({ length: 2345 }, (_, i) => fileEntry(`IM${i}`));
    const { inputs } = await readEntries([folder('disc', [folder('study', many), fileEntry('README')])]);
    expect(inputs).toHaveLength(2346);
    expect(inputs[0]?.path).toBe('disc/study/IM0');
    expect(inputs.at(-2)?.path).toBe('disc/study/IM2344');
    expect(inputs.at(-1)?.path).toBe('disc/README');
  });

  it('goes on past what cannot be opened, and counts it', async () => {
    const { inputs, unreadable } = await readEntries([fileEntry('a'), fileEntry('b', true), fileEntry('c')]);
    expect(inputs.map((i) => i.path)).toEqual(['a', 'c']);
    expect(unreadable).toBe(1);
  });

  it('is not brought down by folders nested without end', async () => {
    let nested = folder('deep', [fileEntry('bottom')]);
    for (let i = 0; i < 5000; i++) nested = folder('f', [nested]);
    const { inputs, unreadable } = await readEntries([nested]);
    expect(inputs).toEqual([]);
    expect(unreadable).toBe(1);
  });

  it('takes the folder from an input that knows it', () => {
    const file = new File(['x'], 'IM1');
    Object.defineProperty(file, 'webkitRelativePath', { value: 'study/IM1' });
    expect(readFileList([file, new File(['y'], 'IM2')]).inputs.map((i) => i.path)).toEqual(['study/IM1', 'IM2']);
  });
});

describe('what is opened again at the next visit', () => {
  const handle = (
    name: string,
    kind: 'file' | 'directory' = 'file',
    file: () => Promise<File> = () => Promise.reject(new Error()),
  ) => ({ kind, name, getFile: file }) as unknown as FileSystemFileHandle;
  const dropOf = (...handles: (FileSystemFileHandle | null)[]) =>
    ({
      items: handles.map((h) => ({ kind: 'file', getAsFileSystemHandle: () => Promise.resolve(h) })),
    }) as unknown as DataTransfer;

  it('is folders and archives, when nothing else was dropped with them', async () => {
    const [folder, zip, image] = [handle('study', 'directory'), handle('Study.ZIP'), handle('IM1.dcm')];
    expect(await droppedSources(dropOf(folder, zip))).toEqual([folder, zip]);
    for (const others of [[zip, image], [zip, null], []]) expect(await droppedSources(dropOf(...others))).toBeNull();
    const old = { items: [{ kind: 'file' }] } as unknown as DataTransfer;
    expect(await droppedSources(old)).toBeNull();
  });

  it('is read as it was, and counted where it is gone', async () => {
    const file = new File(['PK'], 'study.zip', { lastModified: 5 });
    const again = await readSource(handle('study.zip', 'file', () => Promise.resolve(file)));
    expect(again.inputs).toEqual([{ path: 'study.zip', file }]);
    expect(await readSource(handle('gone.zip'))).toEqual({ inputs: [], unreadable: 1, tooMany: false });
  });
});
