import { beforeAll, describe, expect, it } from 'vitest';
import { defaultFacts, provideCodecs } from '../../../../fixtures/pixel-files';
import { jpeg2000 } from '../codecs/jpeg-2000';
import type { PixelFacts } from '../types';
import { cleanCodestream, readSize } from './codestream';

beforeAll(() => provideCodecs());

const facts: PixelFacts = { ...defaultFacts, rows: 13, columns: 9, transferSyntax: '1.2.840.10008.1.2.4.90' };

async function codestream(): Promise<Uint8Array> {
  const data = Uint8Array.from({ length: 117 }, (_, i) => (i * 37) % 256);
  const image = { width: 9, height: 13, samples: 1, precision: 8, signed: false, data, photometric: 'MONOCHROME2' };
  const bytes = await jpeg2000.encodeFrame?.(image, new Uint8Array(0), facts);
  if (bytes?.ok !== true) throw new Error('not encoded');
  return bytes.value;
}

const comment = Buffer.concat([Buffer.from([0xff, 0x64, 0, 12, 0, 1]), Buffer.from('DOE^JANE')]);

const indexOf = (bytes: Uint8Array, marker: number): number => Buffer.from(bytes).indexOf(Buffer.from([0xff, marker]));

describe('cleanCodestream', () => {
  it('returns the same array when there is nothing to take out, and our own encoder leaves nothing', async () => {
    const bytes = await codestream();
    const clean = cleanCodestream(bytes);
    expect(clean.ok && clean.value === bytes).toBe(true);
    expect(indexOf(bytes, 0x64)).toBe(-1);
  });

  it('takes comments out of main header and tile-part, mends the lengths, cuts what follows EOC', async () => {
    const bytes = Buffer.from(await codestream());
    const sot = indexOf(bytes, 0x90);
    const sod = indexOf(bytes, 0x93);
    const length = bytes.readUInt32BE(sot + 6);
    const dirty = Buffer.concat([
      bytes.subarray(0, sot),
      comment,
      bytes.subarray(sot, sod),
      comment,
      bytes.subarray(sod),
      Buffer.from('DOE'),
    ]);
    dirty.writeUInt32BE(length === 0 ? 0 : length + comment.length, sot + comment.length + 6);
    const clean = cleanCodestream(Uint8Array.from(dirty));
    expect(clean.ok && Buffer.from(clean.value).equals(bytes)).toBe(true);
  });

  it('takes the codestream out of a JP2 file and leaves its boxes behind', async () => {
    const bytes = Buffer.from(await codestream());
    const box = (type: string, body: Buffer): Buffer => {
      const head = Buffer.alloc(8);
      head.writeUInt32BE(8 + body.length);
      head.write(type, 4);
      return Buffer.concat([head, body]);
    };
    const jp2 = Buffer.concat([
      box('jP  ', Buffer.from('0d0a870a', 'hex')),
      box('xml ', Buffer.from('DOE^JANE')),
      box('jp2c', bytes),
    ]);
    const clean = cleanCodestream(Uint8Array.from(jp2));
    expect(clean.ok && Buffer.from(clean.value).equals(bytes)).toBe(true);
    const palette = Buffer.concat([
      box('jP  ', Buffer.from('0d0a870a', 'hex')),
      box('jp2h', box('pclr', Buffer.alloc(4))),
      box('jp2c', bytes),
    ]);
    expect(cleanCodestream(Uint8Array.from(palette))).toMatchObject({ ok: false, code: 'codec-unsupported' });
  });

  it('refuses damage with a code', async () => {
    const bytes = await codestream();
    for (const bad of [new Uint8Array(0), new Uint8Array(50), bytes.subarray(0, 20)]) {
      expect(cleanCodestream(bad).ok).toBe(false);
    }
    expect(readSize(new Uint8Array(60)).ok).toBe(false);
  });

  it('reads sizes', async () => {
    expect(readSize(await codestream())).toMatchObject({
      ok: true,
      value: {
        width: 9,
        height: 13,
        transform: false,
        reversible: true,
        components: [{ precision: 8, signed: false }],
      },
    });
  });
});
