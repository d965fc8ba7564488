import { beforeAll, describe, expect, it } from 'vitest';
import { defaultFacts, image, parsed, provideCodecs, sourceOf, written } from '../../../fixtures/pixel-files';
import { codecFor } from './codecs';
import { openFrames } from './frames';
import { encodeLossless } from './jpeg/lossless';
import type { PixelFacts } from './types';
import { unusedBitsAreZero } from './unused-bits';
import { cleanFrames } from './write-back';

beforeAll(() => provideCodecs());

const TS = '1.2.840.10008.1.2.';
const gray: PixelFacts = { ...defaultFacts, rows: 6, columns: 5, bitsAllocated: 16, bitsStored: 12, highBit: 11 };

/** Values of twelve bits, and with them a one in the highest bit of every third cell. */
const clean = Uint16Array.from({ length: 30 }, (_, i) => (i * 131) & 0xfff);
const dirty = clean.map((v, i) => (i % 3 === 0 ? v | 0x8000 : v));

async function filed(facts: PixelFacts, cells: Uint16Array): Promise<Uint8Array> {
  const { columns: width, rows: height } = facts;
  const codec = await codecFor(facts.transferSyntax);
  if (codec === undefined) {
    const big = facts.transferSyntax === `${TS}2`;
    const bytes = new Uint8Array(cells.length * 2);
    const view = new DataView(bytes.buffer);
    cells.forEach((v, i) => view.setUint16(2 * i, v, !big));
    return image(facts, bytes).bytes;
  }
  if (/4\.(57|70)$/.test(facts.transferSyntax)) {
    const shape = { width, height, precision: 16, componentIds: [1], predictor: 1, pointTransform: 0 };
    return image(facts, [[encodeLossless({ ...shape, data: cells })]]).bytes;
  }
  const coded = { width, height, samples: 1, precision: 16, signed: false, data: cells, photometric: 'MONOCHROME2' };
  const bytes = await codec.encodeFrame?.(coded, new Uint8Array(0), facts);
  if (bytes?.ok !== true) throw new Error('not encoded');
  return image(facts, [[bytes.value]]).bytes;
}

/** Cells as stored: those of a frame taken for 16 bits deep. */
async function cellsIn(bytes: Uint8Array): Promise<number[]> {
  const file = parsed(bytes);
  const frames = openFrames(file, sourceOf(bytes));
  if (!frames.ok) throw new Error(frames.message);
  const whole = { ...frames.value.facts, bitsStored: 16, highBit: 15, signed: false };
  const stored = await frames.value.stored(0);
  if (!stored.ok) throw new Error(stored.message);
  const codec = await codecFor(whole.transferSyntax);
  if (codec === undefined) {
    const view = new DataView(stored.value.buffer, stored.value.byteOffset);
    return Array.from({ length: 30 }, (_, i) => view.getUint16(2 * i, file.encoding.littleEndian));
  }
  const decoded = await codec.decodeFrame(stored.value, whole);
  if (!decoded.ok) throw new Error(decoded.message);
  return Array.from(decoded.value.data);
}

describe('bits of the cells that belong to no value', () => {
  const syntaxes = ['1', '2', '5', '1.98', '8.1', '4.57', '4.70', '4.80', '4.90', '4.201'];

  it.each(syntaxes)('are zeroed whoever put something there: %s', async (syntax) => {
    const facts = { ...gray, transferSyntax: TS + syntax };
    const bytes = await filed(facts, dirty);
    const file = parsed(bytes);
    const edit = await cleanFrames(file, sourceOf(bytes));
    if (!edit.ok || edit.value === null) throw new Error('not cleaned');
    expect(await cellsIn(written(file, bytes, edit.value))).toEqual([...clean]);
    // Nothing of the image changed, so nothing of what is said about it.
    expect(edit.value.changes).toEqual([]);
  });

  it.each(syntaxes)(
    'stay as they are where there is nothing, and in native cells where the profile keeps overlays: %s',
    async (syntax) => {
      const facts = { ...gray, transferSyntax: TS + syntax };
      const untouched = await filed(facts, clean);
      expect(await cleanFrames(parsed(untouched), sourceOf(untouched))).toEqual({ ok: true, value: null });
      const kept = await filed(facts, dirty);
      const options = { keepUnusedBits: true };
      const edit = await cleanFrames(parsed(kept), sourceOf(kept), options);
      if (!edit.ok) throw new Error(edit.message);
      // In compressed frames nobody would see them.
      const native = syntax === '1' || syntax === '2';
      expect(edit.value === null).toBe(native);
      if (edit.value !== null) expect(await cellsIn(written(parsed(kept), kept, edit.value))).toEqual([...clean]);
    },
  );

  it('may repeat the sign of a negative value, all of them or none', async () => {
    const facts = { ...gray, signed: true };
    const negative = Uint16Array.from(clean, (v, i) => (i % 2 === 0 ? v & 0x7ff : v | 0xf800));
    const plain = Uint16Array.from(clean, (v) => v);
    for (const cells of [negative, plain]) {
      const bytes = await filed(facts, cells);
      expect(await cleanFrames(parsed(bytes), sourceOf(bytes))).toEqual({ ok: true, value: null });
    }
    for (const odd of [0x8000, 0x1000]) {
      const bytes = await filed(
        facts,
        Uint16Array.from(negative, (v, i) => (i === 4 ? v ^ odd : v)),
      );
      const edit = await cleanFrames(parsed(bytes), sourceOf(bytes));
      expect(edit.ok && edit.value !== null).toBe(true);
    }
  });

  it('below the value count as well', async () => {
    const facts = { ...gray, bitsStored: 10, highBit: 13 };
    const bytes = await filed(
      facts,
      Uint16Array.from(clean, (v) => (v << 4) & 0x3ff0),
    );
    expect(await cleanFrames(parsed(bytes), sourceOf(bytes))).toEqual({ ok: true, value: null });
    const low = await filed(
      facts,
      Uint16Array.from(clean, (v) => ((v << 4) & 0x3ff0) | 1),
    );
    const edit = await cleanFrames(parsed(low), sourceOf(low));
    if (!edit.ok || edit.value === null) throw new Error('not cleaned');
    expect((await cellsIn(written(parsed(low), low, edit.value))).every((v) => (v & 0xf) === 0)).toBe(true);
  });
});

describe('the quick look', () => {
  it('sees every bit outside the values, wherever it stands, and none inside', async () => {
    const cases = [
      [8, 7, 6],
      [16, 12, 11],
      [16, 12, 15],
      [16, 10, 11],
      [32, 24, 23],
    ] as const;
    for (const [bitsAllocated, bitsStored, highBit] of cases) {
      for (const syntax of ['1', '2']) {
        const facts = {
          ...defaultFacts,
          transferSyntax: TS + syntax,
          rows: 3,
          columns: 7,
          bitsAllocated,
          bitsStored,
          highBit,
        };
        const size = bitsAllocated / 8;
        const with1 = async (cell: number, bit: number): Promise<boolean> => {
          const bytes = new Uint8Array(21 * size);
          const at = cell * size + (syntax === '2' ? size - 1 - (bit >> 3) : bit >> 3);
          bytes[at] = 1 << (bit & 7);
          const whole = image(facts, bytes).bytes;
          const file = parsed(whole);
          const element = file.elements.find((e) => e.tag === 0x7fe00010);
          if (element === undefined) throw new Error('no pixels');
          const answers: boolean[] = [];
          for (const unloaded of [false, true]) {
            const source = sourceOf(whole);
            const readInto = (start: number, into: Uint8Array): Promise<void> => {
              into.set(whole.subarray(start, start + into.byteLength));
              return Promise.resolve();
            };
            const zero = await unusedBitsAreZero(
              unloaded ? { ...file, isLoaded: () => false } : file,
              unloaded ? { ...source, readInto } : source,
              element.valueStart,
              element.valueStart + bytes.byteLength,
              facts,
            );
            if (!zero.ok) throw new Error(zero.message);
            answers.push(zero.value);
          }
          // Held, at every alignment.
          for (let offset = 0; offset < 4; offset++) {
            const memory = new Uint8Array(whole.byteLength + offset);
            memory.set(whole, offset);
            const hold = (): Promise<Uint8Array> => Promise.resolve(memory.subarray(offset));
            const { valueStart } = element;
            const end = valueStart + bytes.byteLength;
            const zero = await unusedBitsAreZero(file, { ...sourceOf(whole), hold }, valueStart, end, facts);
            if (!zero.ok) throw new Error(zero.message);
            answers.push(zero.value);
          }
          expect(new Set(answers).size).toBe(1);
          return answers[0] === true;
        };
        for (const cell of [0, 1, 2, 3, 19, 20]) {
          for (let bit = 0; bit < bitsAllocated; bit++) {
            const inside = bit <= highBit && bit > highBit - bitsStored;
            expect(
              await with1(cell, bit),
              `${bitsAllocated}/${bitsStored}/${highBit} ${syntax} cell ${cell} bit ${bit}`,
            ).toBe(inside);
          }
        }
      }
    }
  });
});
