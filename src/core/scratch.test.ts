import { describe, expect, it } from 'vitest';
import { countingScratch } from '../../fixtures/counting-scratch';
import { defaultFacts, image, parsed, redacted, sourceOf } from '../../fixtures/pixel-files';
import { joinSource } from '../../fixtures/support';
import { bytesSource } from './bytes';
import { keepAll, keptMeta, writeDicom } from './dicom/write';
import type { PixelFacts, Rect } from './pixels/types';
import { redactPixelData } from './pixels/write-back';
import { chained, NewData } from './scratch';

describe('a source behind another', () => {
  const source = chained(bytesSource(Uint8Array.of(1, 2, 3)), bytesSource(Uint8Array.of(4, 5)));

  it('answers for both, and across their border', async () => {
    expect(source.size).toBe(5);
    for (const [start, end] of [
      [0, 3],
      [3, 5],
      [1, 4],
      [0, 5],
    ] as const) {
      expect([...(await source.read(start, end))]).toEqual([1, 2, 3, 4, 5].slice(start, end));
      const into = new Uint8Array(end - start);
      await source.readInto?.(start, into);
      expect([...into]).toEqual([1, 2, 3, 4, 5].slice(start, end));
    }
  });
});

describe('new data', () => {
  it('stays in memory up to the budget, is put aside beyond it, and can be read before and after', async () => {
    const store = countingScratch();
    const data = new NewData(bytesSource(new Uint8Array(10)), store, 4);
    expect(await data.keep(Uint8Array.of(1, 2))).toEqual({ ok: true, value: Uint8Array.of(1, 2) });
    expect(store.made).toBe(0);
    expect(await data.keep(Uint8Array.of(3, 4, 5))).toEqual({ ok: true, value: { start: 10, end: 13 } });
    expect(await data.keep(new Uint8Array(1 << 20).fill(7))).toEqual({
      ok: true,
      value: { start: 13, end: 13 + (1 << 20) },
    });
    expect([...(await data.source.read(9, 14))]).toEqual([0, 3, 4, 5, 7]);
    const ref = await data.seal();
    if (ref === undefined) throw new Error('nothing was put aside');
    expect(ref.size).toBe(3 + (1 << 20));
    expect([...(await store.open(ref).read(0, 4))]).toEqual([3, 4, 5, 7]);
    await store.release(ref);
    expect(store).toMatchObject({ made: 1, alive: 0 });
  });

  it('is refused as too large without a store, and when the medium is full', async () => {
    const none = new NewData(bytesSource(new Uint8Array(1)), undefined, 4);
    expect(await none.keep(new Uint8Array(5))).toMatchObject({ ok: false, code: 'too-large' });
    const store = countingScratch({ capacity: 1 << 20 });
    const full = new NewData(bytesSource(new Uint8Array(1)), store, 0);
    expect((await full.keep(new Uint8Array(1 << 20))).ok).toBe(true);
    expect(await full.keep(new Uint8Array(1 << 20))).toMatchObject({ ok: false, code: 'too-large' });
    await full.discard();
    expect(store.alive).toBe(0);
  });
});

describe('redaction with next to no memory', () => {
  const rects: Rect[] = [{ x: 3, y: 2, width: 21, height: 30 }];
  const shapes: readonly Partial<PixelFacts>[] = [
    {},
    { bitsAllocated: 1, bitsStored: 1, highBit: 0 },
    { samplesPerPixel: 3, photometric: 'RGB', planarConfiguration: 1 },
    { transferSyntax: '1.2.840.10008.1.2.5' },
  ];

  it.each(shapes)('gives the same bytes as in memory: %j', async (shape) => {
    const facts: PixelFacts = { ...defaultFacts, rows: 37, columns: 29, frames: 5, ...shape };
    const bytes = await made(facts);
    const store = countingScratch();
    const newData = new NewData(sourceOf(bytes), store, 0);
    const file = parsed(bytes);
    const edit = await redactPixelData(file, sourceOf(bytes), () => rects, 'blur', { newData });
    if (!edit.ok || edit.value === null) throw new Error('not redacted');
    const removed = edit.value.removeTags ?? [];
    const kept = keepAll(file.elements);
    const edits = kept.edits.map((e, i) =>
      removed.includes(file.elements[i]?.tag ?? 0) ? ({ kind: 'remove' } as const) : e,
    );
    const plan = { dataSet: { edits, insert: edit.value.changes }, meta: keptMeta(file) };
    const parts = writeDicom(file, plan, edit.value.replacement);
    const out = await joinSource(parts, newData.source);
    expect(store.made).toBe(1);
    expect(Buffer.from(out).equals(Buffer.from(await redacted(bytes, () => rects)))).toBe(true);
    await newData.discard();
    expect(store.alive).toBe(0);
  });
});

async function made(facts: PixelFacts): Promise<Uint8Array> {
  const value = (i: number): number => (Math.imul(i, 2654435761) >>> 13) & 0xff;
  const count = facts.rows * facts.columns * facts.samplesPerPixel;
  if (facts.transferSyntax !== '1.2.840.10008.1.2.5') {
    const length = Math.ceil((count * facts.frames * facts.bitsAllocated) / 8);
    return image(
      facts,
      Uint8Array.from({ length }, (_, i) => value(i)),
    ).bytes;
  }
  const { rle } = await import('./pixels/codecs/rle');
  const shape = { width: facts.columns, height: facts.rows, samples: 1, precision: 8, signed: false };
  const frames: Uint8Array[][] = [];
  for (let n = 0; n < facts.frames; n++) {
    const data = Uint8Array.from({ length: count }, (_, i) => value(i + n * count));
    const coded = await rle.encodeFrame?.({ ...shape, data, photometric: 'MONOCHROME2' }, new Uint8Array(0), facts);
    if (coded?.ok !== true) throw new Error('not encoded');
    frames.push([coded.value]);
  }
  return image(facts, frames).bytes;
}
