import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { closedGroups, openGroups } from '../../../../fixtures/hevc-streams';
import { h264 } from '../../../../fixtures/make-video';
import { wayTo, type ByteStream } from './byte-stream';
import { h264Stream } from './h264';
import { hevcStream } from './hevc';

const ascii = (text: string): Uint8Array => Uint8Array.from(text, (c) => c.charCodeAt(0));

const bothReaders = [
  ['H.264', h264Stream],
  ['HEVC', hevcStream],
] as const;

describe('an H.264 byte stream', () => {
  it('is cut into its frames, one after the other, whole', () => {
    const frames = fc.array(fc.record({ level: fc.integer({ min: 16, max: 235 }), key: fc.boolean() }), {
      maxLength: 6,
    });
    fc.assert(
      fc.property(frames, fc.constantFrom(16, 32), (more, width) => {
        const all = [{ level: 90, key: true }, ...more];
        const bytes = h264({ width, height: 16, frames: all });
        const stream = h264Stream(bytes);
        expect(stream?.codec).toBe('avc1.42c01e');
        expect(stream?.units.map((u) => u.key)).toEqual(all.map((f) => f.key));
        expect(stream?.units.map((u) => u.parameters)).toEqual(all.map((_, i) => i === 0));
        expect(stream?.units[0]?.start).toBe(0);
        expect(stream?.units.at(-1)?.end).toBe(bytes.byteLength);
        stream?.units.reduce((end, unit) => (expect(unit.start).toBe(end), unit.end), 0);
      }),
      { numRuns: 40 },
    );
  });

  it('has a key frame first', () => {
    expect(h264Stream(h264({ width: 16, height: 16, frames: [{ level: 90, key: false }] }))).toBeNull();
    expect(hevcStream(openGroups.bytes.subarray(96))).toBeNull();
  });
});

describe('a byte stream', () => {
  it.each(bothReaders)('of %s is nothing else: no container, no other codec', (_, cut) => {
    expect(cut(new Uint8Array(0))).toBeNull();
    expect(cut(ascii('\0\0\0\x18ftypmp42\0\0\0\0'))).toBeNull();
    // MPEG-2: a sequence header.
    expect(cut(Uint8Array.of(0, 0, 1, 0xb3, 0x14, 0x00, 0xf0, 0x33, 0, 0, 1, 0, 0x10))).toBeNull();
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 400 }), (bytes) => void cut(bytes)),
      { numRuns: 300 },
    );
  });

  it('of one codec is none of the other', () => {
    expect(h264Stream(openGroups.bytes)).toBeNull();
    expect(hevcStream(h264({ width: 16, height: 16, frames: [{ level: 90, key: true }] }))).toBeNull();
  });
});

/** Of the start code at or behind a place: ffprobe counts the zero that may stand before it to the frame before, the standard does not. */
const codeAt = (bytes: Uint8Array, place: number): number =>
  bytes.findIndex((_, i) => i >= place && bytes[i] === 0 && bytes[i + 1] === 0 && bytes[i + 2] === 1);

describe.each([
  ['with frames that lead a key frame', openGroups],
  ['with key frames that stand alone', closedGroups],
])('an HEVC byte stream %s', (_, judged) => {
  const places = (starts: readonly number[] | undefined): readonly number[] | undefined =>
    starts?.map((s) => codeAt(judged.bytes, s));

  it('is cut where ffprobe cuts it', () => {
    const stream = hevcStream(judged.bytes);
    expect(stream?.codec).toBe(judged.codec);
    expect(places(stream?.units.map((u) => u.start))).toEqual(places(judged.starts));
    expect(places(stream?.units.filter((u) => u.key).map((u) => u.start))).toEqual(places(judged.keys));
    expect(stream?.units.at(-1)?.end).toBe(judged.bytes.byteLength);
    stream?.units.reduce((end, unit) => (expect(unit.start).toBe(end), unit.end), 0);
  });

  it('leads to every frame from a key frame, without frames that could not be decoded there', () => {
    const stream = hevcStream(judged.bytes) as ByteStream;
    for (const [wanted, start] of (places(judged.shown) ?? []).entries()) {
      const { key, units, index } = wayTo(stream, wanted);
      expect(units[0]).toBe(stream.units[key]);
      expect(units[0]?.key).toBe(true);
      // What comes out, as it is shown: the order of the whole, of those that are given.
      const given = places(units.map((u) => u.start));
      const out = places(judged.shown)?.filter((s) => given?.includes(s)) ?? [];
      expect(out[index]).toBe(start);
      const second = units.findIndex((u, i) => i > 0 && u.key);
      expect(units.slice(0, second < 0 ? undefined : second).some((u) => u.leading)).toBe(false);
    }
  });

  it('that was cut out of a longer one has none of the frames that led its first key frame', () => {
    const second = judged.keys[1] ?? 0;
    const stream = hevcStream(judged.bytes.subarray(second)) as ByteStream;
    const lost = [238, 253];
    expect(places(stream.units.map((u) => u.start + second))).toEqual(
      places(judged.starts)?.filter((s) => s >= second && !(judged === openGroups && lost.includes(s))),
    );
    expect(stream.units.some((u) => u.leading)).toBe(false);
  });
});
