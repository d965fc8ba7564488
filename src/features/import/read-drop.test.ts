import { describe, expect, it } from 'vitest';
import { readEntries, readFileList } from './read-drop';

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
