import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { h264 } from '../../../../fixtures/make-video';
import { accessUnits } from './annex-b';

describe('an H.264 byte stream', () => {
  it('is cut into its frames, one after the other, whole', () => {
    const frames = fc.array(fc.record({ level: fc.integer({ min: 16, max: 235 }), key: fc.boolean() }), {
      maxLength: 6,
    });
    fc.assert(
      fc.property(frames, fc.constantFrom(16, 32), (more, width) => {
        const all = [{ level: 90, key: true }, ...more];
        const bytes = h264({ width, height: 16, frames: all });
        const stream = accessUnits(bytes);
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

  it('is nothing else: no container, no other codec, nothing without a key frame', () => {
    const ascii = (text: string): Uint8Array => Uint8Array.from(text, (c) => c.charCodeAt(0));
    expect(accessUnits(new Uint8Array(0))).toBeNull();
    expect(accessUnits(ascii('\0\0\0\x18ftypmp42\0\0\0\0'))).toBeNull();
    // MPEG-2: a sequence header.
    expect(accessUnits(Uint8Array.of(0, 0, 1, 0xb3, 0x14, 0x00, 0xf0, 0x33, 0, 0, 1, 0, 0x10))).toBeNull();
    const withoutKey = h264({ width: 16, height: 16, frames: [{ level: 90, key: false }] });
    expect(accessUnits(withoutKey)).toBeNull();
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 400 }), (bytes) => void accessUnits(bytes)),
      { numRuns: 500 },
    );
  });
});
