import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { fileSource } from './file-source';
import { folderSink } from './folder-sink';

const folder = mkdtempSync(join(tmpdir(), 'lethe-source-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const bytesOf = (n: number, length: number): Uint8Array =>
  Uint8Array.from({ length }, (_, i) => (n * 31 + i * 7) & 255);

function written(name: string, bytes: Uint8Array): string {
  const file = join(folder, name);
  writeFileSync(file, bytes);
  return file;
}

describe('a file that is held', () => {
  it('is all there, and what was read of it stays when its memory is given to another', async () => {
    const first = bytesOf(1, 70_000);
    const second = bytesOf(2, 70_000);
    const source = fileSource(written('first', first));
    const held = await source.hold?.();
    expect(held).toEqual(first);
    const read = await source.read(10, 60_000);
    source.release?.();
    const other = fileSource(written('second', second));
    expect(await other.hold?.()).toEqual(second);
    expect(read).toEqual(first.slice(10, 60_000));
    expect(await source.hold?.()).toEqual(first);
  });

  it('is never mixed up with others on their way at the same time, small and large parts alike', async () => {
    const out = join(folder, 'out');
    const sink = folderSink(out);
    await sink.open();
    await Promise.all(
      Array.from({ length: 60 }, async (_, i) => {
        const bytes = bytesOf(i, 1000 + i * 4000);
        const source = fileSource(written(`in-${i}`, bytes));
        if (i % 2 === 0) await source.hold?.();
        const head = bytesOf(i + 100, 300);
        const middle = Math.floor(bytes.byteLength / 2);
        const many = Array.from({ length: 1200 }, () => Uint8Array.of(i));
        const parts = [head, { start: 4, end: middle }, ...many, { start: middle, end: bytes.byteLength }];
        expect(await sink.write({ path: `${i}.dcm`, parts, source })).toMatchObject({ ok: true });
        const wanted = Buffer.concat([head, bytes.subarray(4, middle), ...many, bytes.subarray(middle)]);
        expect(wanted.equals(readFileSync(join(out, `${i}.dcm`)))).toBe(true);
      }),
    );
  });

  it('is refused when it was written to since', async () => {
    const file = written('growing', bytesOf(3, 5000));
    const source = fileSource(file);
    await source.read(0, 100);
    appendFileSync(file, 'more');
    await expect(source.hold?.()).rejects.toThrow('changed');
  });

  it('is short', () => {
    expect(fileSource(written('long', new Uint8Array(1024 * 1024 + 1)))).not.toHaveProperty('hold');
  });
});
