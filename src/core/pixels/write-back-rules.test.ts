import { beforeAll, describe, expect, it } from 'vitest';
import { defaultFacts, image, parsed, provideCodecs, redacted, sourceOf, written } from '../../../fixtures/pixel-files';
import { openFrames } from './frames';
import { nativeFrameBits } from './native';
import type { PixelFacts } from './types';
import { NewData } from '../scratch';
import { cleanFrames, redactPixelData } from './write-back';

beforeAll(() => provideCodecs());

describe('what hides beside the pixels', () => {
  const gray: PixelFacts = { ...defaultFacts, rows: 4, columns: 4 };
  const pixels = Uint8Array.from({ length: 16 }, (_, i) => i);

  it('is left alone when there is nothing', async () => {
    const { bytes, file } = image(gray, pixels);
    expect(await cleanFrames(file, sourceOf(bytes))).toEqual({ ok: true, value: null });
  });

  it('behind the last native frame becomes zeros, and the length stays', async () => {
    const tail = Uint8Array.from([...pixels, ...Buffer.from('DOE^JOHN')]);
    const { bytes, file } = image(gray, tail);
    const edit = await cleanFrames(file, sourceOf(bytes));
    if (!edit.ok || edit.value === null) throw new Error('not cleaned');
    const out = written(file, bytes, edit.value);
    expect(out.length).toBe(bytes.length);
    expect(Buffer.from(out).includes('DOE')).toBe(false);
    expect(Buffer.from(out).subarray(0, -8).equals(Buffer.from(bytes).subarray(0, -8))).toBe(true);
  });

  it('in unused bits goes when an overlay lies there', async () => {
    const facts: PixelFacts = { ...gray, bitsAllocated: 16, bitsStored: 12, highBit: 11 };
    const words = Uint16Array.from({ length: 16 }, (_, i) => i * 100 + (i % 3 === 0 ? 0x8000 : 0));
    const { bytes, file } = image(facts, new Uint8Array(words.buffer), {
      extra: [
        [0x60000100, 'US', [16]],
        [0x60000102, 'US', [15]],
      ],
    });
    const edit = await cleanFrames(file, sourceOf(bytes));
    if (!edit.ok || edit.value === null) throw new Error('not cleaned');
    const out = written(file, bytes, edit.value);
    const after = Uint16Array.from(new Uint16Array(out.slice(-32).buffer));
    expect([...after]).toEqual([...words].map((w) => w & 0xfff));
  });

  it('keeps true tables, repairs false ones', async () => {
    const { rle } = await import('./codecs/rle');
    const facts: PixelFacts = { ...gray, frames: 3, transferSyntax: '1.2.840.10008.1.2.5' };
    const coded = await rle.encodeFrame?.({ ...frame(pixels, facts) }, new Uint8Array(0), facts);
    if (coded?.ok !== true) throw new Error('not encoded');
    const one = [coded.value];
    for (const table of ['basic', 'extended', 'none'] as const) {
      const { bytes, file } = image(facts, [one, one, one], { table });
      expect(await cleanFrames(file, sourceOf(bytes))).toEqual({ ok: true, value: null });
      const out = await redacted(bytes, (i) => (i === 1 ? [{ x: 0, y: 0, width: 2, height: 2 }] : []), 'solid');
      const after = parsed(out);
      const element = after.elements.find((e) => e.tag === 0x7fe00010);
      const [first, ...fragments] = element?.fragments ?? [];
      const base = fragments[0]?.start ?? 0;
      const starts = fragments.map((f) => f.start - base);
      const data = after.bytes(first?.valueStart ?? 0, first?.valueEnd ?? 0);
      if (table === 'basic') expect([...new Uint32Array(data.slice().buffer)]).toEqual(starts);
      else expect(data.length).toBe(0);
      const offsets = after.elements.find((e) => e.tag === 0x7fe00001);
      expect(offsets !== undefined).toBe(table === 'extended');
      if (offsets !== undefined) {
        const long = new BigUint64Array(after.bytes(offsets.valueStart, offsets.valueEnd).slice().buffer);
        expect([...long].map(Number)).toEqual(starts);
        const lengths = after.elements.find((e) => e.tag === 0x7fe00002);
        const held = new BigUint64Array(after.bytes(lengths?.valueStart ?? 0, lengths?.valueEnd ?? 0).slice().buffer);
        expect([...held].map(Number)).toEqual(fragments.map((f) => f.valueEnd - f.valueStart));
      }
    }
    const { bytes, file } = image(facts, [one, one, one]);
    const wrong = bytes.slice();
    const element = file.elements.find((e) => e.tag === 0x7fe00010);
    const table = element?.fragments?.[0];
    wrong[(table?.valueStart ?? 0) + 4] = 2;
    const edit = await cleanFrames(parsed(wrong), sourceOf(wrong));
    if (!edit.ok || edit.value === null) throw new Error('not repaired');
    expect(Buffer.from(written(parsed(wrong), wrong, edit.value)).equals(Buffer.from(bytes))).toBe(true);
  });

  it('a frame of several fragments is found with and without a table', async () => {
    const { rle } = await import('./codecs/rle');
    const facts: PixelFacts = { ...gray, frames: 2, transferSyntax: '1.2.840.10008.1.2.5' };
    const coded = await rle.encodeFrame?.(frame(pixels, facts), new Uint8Array(0), facts);
    if (coded?.ok !== true) throw new Error('not encoded');
    const split = [coded.value.subarray(0, 40), coded.value.subarray(40)];
    const { bytes, file } = image(facts, [split, split]);
    const frames = openFrames(file, sourceOf(bytes));
    const decoded = frames.ok ? await frames.value.decode(1) : frames;
    expect(decoded.ok && [...decoded.value.data]).toEqual([...pixels]);
    const blind = image(facts, [split, split], { table: 'none' });
    const reader = openFrames(blind.file, sourceOf(blind.bytes));
    const refused = reader.ok ? await reader.value.decode(1) : reader;
    expect(refused).toMatchObject({ ok: false, code: 'bad-pixel-data' });
  });
});

function frame(data: Uint8Array, facts: PixelFacts) {
  return {
    width: facts.columns,
    height: facts.rows,
    samples: 1,
    precision: 8,
    signed: false,
    data,
    photometric: facts.photometric,
  };
}

describe('attributes', () => {
  const facts: PixelFacts = {
    ...defaultFacts,
    rows: 4,
    columns: 4,
    bitsAllocated: 16,
    bitsStored: 16,
    highBit: 15,
    signed: true,
  };
  const values = Int16Array.from({ length: 16 }, (_, i) => (i === 5 ? -2000 : i === 6 ? 3000 : i));

  it('say what is true afterwards', async () => {
    const { bytes } = image(facts, new Uint8Array(values.buffer), {
      extra: [
        [0x00280106, 'SS', [-2000]],
        [0x00280107, 'SS', [3000]],
        [0x00280301, 'CS', 'YES'],
      ],
    });
    const out = parsed(await redacted(bytes, () => [{ x: 1, y: 1, width: 2, height: 1 }]));
    const read = (tag: number): Uint8Array => {
      const e = out.elements.find((x) => x.tag === tag);
      return out.bytes(e?.valueStart ?? 0, e?.valueEnd ?? 0).slice();
    };
    expect(Buffer.from(read(0x00280301)).toString()).toBe('NO');
    expect(new Int16Array(read(0x00280106).buffer)[0]).toBe(0);
    expect(new Int16Array(read(0x00280107).buffer)[0]).toBe(15);
  });

  it('that cannot be known without looking at all frames are removed', async () => {
    const two = Int16Array.from([...values, ...values]);
    const { bytes } = image({ ...facts, frames: 2 }, new Uint8Array(two.buffer), {
      extra: [[0x00280106, 'SS', [-2000]]],
    });
    const out = parsed(await redacted(bytes, (i) => (i === 0 ? [{ x: 0, y: 0, width: 1, height: 1 }] : [])));
    expect(out.elements.some((e) => e.tag === 0x00280106)).toBe(false);
  });
});

describe('many frames', () => {
  it('are redacted by the rows that matter, with the same result as by whole frames', async () => {
    for (const [style, photometric, samplesPerPixel] of [
      ['blur', 'MONOCHROME2', 1],
      ['mosaic', 'RGB', 3],
      ['solid', 'RGB', 3],
      ['blur', 'YBR_FULL_422', 3],
    ] as const) {
      const facts: PixelFacts = { ...defaultFacts, rows: 300, columns: 40, frames: 3, photometric, samplesPerPixel };
      const count = (nativeFrameBits(facts) / 8) * 3;
      const pixels = Uint8Array.from({ length: count }, (_, i) => (Math.imul(i, 2654435761) >>> 13) & 0xff);
      const rects = [
        { x: 5, y: 170, width: 21, height: 9 },
        { x: 20, y: 175, width: 15, height: 12 },
      ];
      const banded = await redacted(image(facts, pixels).bytes, () => rects, style);
      // With this attribute there, frames are looked at whole.
      const whole = await redacted(
        image(facts, pixels, { extra: [[0x00280106, 'US', [0]]] }).bytes,
        () => rects,
        style,
      );
      expect(Buffer.from(banded).subarray(-count).equals(Buffer.from(whole).subarray(-count))).toBe(true);
      expect(Buffer.from(banded).subarray(-count).equals(Buffer.from(pixels))).toBe(false);
    }
  });
});

describe('limits', () => {
  it('more new data than may be held is refused, not truncated', async () => {
    const facts: PixelFacts = { ...defaultFacts, rows: 64, columns: 64 };
    const { bytes, file } = image(facts, new Uint8Array(64 * 64));
    const edit = await redactPixelData(file, sourceOf(bytes), () => [{ x: 0, y: 0, width: 64, height: 64 }], 'solid', {
      newData: new NewData(sourceOf(bytes), undefined, 100),
    });
    expect(edit).toMatchObject({ ok: false, code: 'too-large' });
  });

  it('an aborted signal stops the work', async () => {
    const { bytes, file } = image(defaultFacts, new Uint8Array(64));
    const signal = AbortSignal.abort();
    const edit = await redactPixelData(file, sourceOf(bytes), () => [{ x: 0, y: 0, width: 4, height: 4 }], 'solid', {
      signal,
    });
    expect(edit).toMatchObject({ ok: false, code: 'cancelled' });
  });
});
