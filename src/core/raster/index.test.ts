import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Rect } from '../pixels/types';
import { decodeRaster, rasterFacts, redactRaster, sniffRaster, storedImage, stripRaster } from './index';
import type { PngColorType, PngHeader } from './png/parse';
import { channelsOf, pngSignature } from './png/parse';
import { encodeSamples } from './png/pixels';
import { makeChunk } from './png/strip';

const images = join(process.cwd(), '../shared/data/images');
const have = existsSync(images);

function testPng(colorType: PngColorType, depth: number, seed: number, secret: Rect): Uint8Array {
  const header: PngHeader = { width: 48, height: 32, depth, colorType, interlaced: false };
  const channels = channelsOf(colorType);
  const samples = depth === 16 ? new Uint16Array(48 * 32 * channels) : new Uint8Array(48 * 32 * channels);
  const max = (1 << depth) - 1;
  for (let y = 0; y < 32; y++) {
    for (let x = 0; x < 48; x++) {
      for (let c = 0; c < channels; c++) samples[(y * 48 + x) * channels + c] = ((x + 2 * y + 5 * c) * 977) & max;
    }
  }
  let s = seed;
  for (let y = secret.y; y < secret.y + secret.height; y++) {
    for (let x = secret.x; x < secret.x + secret.width; x++) {
      for (let c = 0; c < channels; c++) {
        s = (Math.imul(s, 1103515245) + 12345) >>> 0;
        samples[(y * 48 + x) * channels + c] = (s >>> 9) & max;
      }
    }
  }
  const d = new Uint8Array(13);
  const v = new DataView(d.buffer);
  v.setUint32(0, 48);
  v.setUint32(4, 32);
  d[8] = depth;
  d[9] = colorType;
  const parts = [pngSignature, makeChunk('IHDR', d)];
  if (colorType === 3)
    parts.push(
      makeChunk(
        'PLTE',
        new Uint8Array(3 << depth).map((_, i) => (i * 37) & 255),
      ),
    );
  parts.push(makeChunk('IDAT', encodeSamples(header, 48, 32, samples)), makeChunk('IEND'));
  return Buffer.concat(parts);
}

const kinds: [PngColorType, number][] = [
  [0, 1], [0, 2], [0, 4], [0, 8], [0, 16], [2, 8], [2, 16], [3, 1], [3, 2], [3, 4], [3, 8], [4, 8], [4, 16], [6, 8], [6, 16],
]; // prettier-ignore
const secret: Rect = { x: 10, y: 8, width: 20, height: 6 };

describe('redactRaster on PNG', () => {
  for (const [colorType, depth] of kinds) {
    it(`colour type ${colorType}, ${depth} bit: nothing of the inside stays, everything outside does`, async () => {
      for (const style of ['blur', 'solid', 'mosaic'] as const) {
        const a = testPng(colorType, depth, 1, secret);
        const b = testPng(colorType, depth, 2, secret);
        const first = await redactRaster(a, [secret], style);
        const second = await redactRaster(b, [secret], style);
        if (!first.ok || !second.ok) throw new Error('redaction failed');
        // Non-interference: images that differ only inside give the same bytes.
        expect(Buffer.from(first.value).equals(Buffer.from(second.value))).toBe(true);
        const before = storedImage(a);
        const after = storedImage(first.value);
        if (!before.ok || !after.ok) throw new Error('decoding failed');
        const { samples } = before.value.frame;
        for (let i = 0; i < 48 * 32; i++) {
          const x = i % 48;
          const y = Math.floor(i / 48);
          if (x >= 10 && x < 30 && y >= 8 && y < 14) continue;
          for (let c = 0; c < samples; c++) {
            expect(after.value.frame.data[i * samples + c]).toBe(before.value.frame.data[i * samples + c]);
          }
        }
        expect(rasterFacts(first.value)).toMatchObject({ ok: true, value: { bits: depth, width: 48, height: 32 } });
      }
    });
  }
});

describe.runIf(have)('on real images', () => {
  it('gives what it strips back unchanged, and decodes stripped and original alike', async () => {
    for (const name of readdirSync(images)) {
      const bytes = new Uint8Array(readFileSync(join(images, name)));
      const stripped = stripRaster(bytes);
      if (!stripped.ok) continue;
      const again = stripRaster(stripped.value.bytes);
      expect(again.ok && Buffer.from(again.value.bytes).equals(Buffer.from(stripped.value.bytes)), name).toBe(true);
      expect(again.ok && again.value.removed, name).toEqual([]);
      const a = await decodeRaster(bytes);
      const b = await decodeRaster(stripped.value.bytes);
      expect(a.ok, `${name} ${a.ok ? '' : a.message}`).toBe(true);
      expect(
        a.ok && b.ok && Buffer.compare(Buffer.from(a.value.data.buffer), Buffer.from(b.value.data.buffer)),
        name,
      ).toBe(0);
    }
  });

  it('redacts JPEG files in place: stripped, same size, different inside', async () => {
    for (const name of readdirSync(images).filter((n) => n.endsWith('.jpg'))) {
      const bytes = new Uint8Array(readFileSync(join(images, name)));
      const facts = rasterFacts(bytes);
      if (!facts.ok) continue;
      const rect = { x: 0, y: 0, width: Math.floor(facts.value.width / 2), height: Math.floor(facts.value.height / 2) };
      const redacted = await redactRaster(bytes, [rect], 'solid');
      expect(redacted.ok, `${name} ${redacted.ok ? '' : redacted.message}`).toBe(true);
      if (!redacted.ok) continue;
      const after = rasterFacts(redacted.value);
      expect(after, name).toMatchObject({ ok: true, value: { ...facts.value } });
      const stripped = stripRaster(redacted.value);
      expect(stripped.ok && stripped.value.removed, name).toEqual([]);
      expect(stripped.ok && Buffer.from(stripped.value.bytes).equals(Buffer.from(redacted.value)), name).toBe(true);
    }
  });
});

describe('sniffRaster', () => {
  it('knows both formats by their first bytes and nothing else', () => {
    expect(sniffRaster(pngSignature)).toBe('png');
    expect(sniffRaster(Uint8Array.of(0xff, 0xd8, 0xff, 0xe0))).toBe('jpeg');
    expect(sniffRaster(Uint8Array.of(0xff, 0xd8))).toBeNull();
    expect(sniffRaster(new TextEncoder().encode('hello world'))).toBeNull();
    expect(stripRaster(new Uint8Array(0))).toMatchObject({ ok: false, code: 'unsupported-format' });
  });
});
