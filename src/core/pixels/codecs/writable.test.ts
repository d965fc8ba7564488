/** Every transfer syntax of PS3.6: what can be read can be written back, in itself (docs/adr/0010). */
import { deflateSync } from 'fflate';
import { beforeAll, describe, expect, it } from 'vitest';
import { defaultFacts, image, provideCodecs, redacted, sourceOf } from '../../../../fixtures/pixel-files';
import { makeJpeg } from '../../../../fixtures/make-jpeg';
import { parsed } from '../../../../fixtures/support';
import { uidRows } from '../../generated/uids';
import { IMPLICIT_LE, transferSyntax } from '../../dicom/transfer-syntaxes';
import { uidInfo } from '../../dicom/uids';
import { cleanCodestream } from '../j2k/codestream';
import { openFrames } from '../frames';
import { encodeLossless } from '../jpeg/lossless';
import type { PixelFacts } from '../types';
import { codecFor } from '.';
import { withCodec } from './wasm';

beforeAll(() => provideCodecs());

const TS = '1.2.840.10008.1.2';
const known = uidRows
  .split('\n')
  .map((row) => `1.2.840.10008.${row.split('|')[0] ?? ''}`)
  .filter((uid) => uidInfo(uid)?.type === 'TransferSyntax')
  .flatMap((uid) => transferSyntax(uid) ?? []);

/** What nobody writes any more, or no library reads: hierarchical and arithmetic JPEG, JPEG 2000 part 2, JPEG XL. */
const unread = [
  ...['52', '54', '56', '58', '59', '60', '61', '62', '63', '64', '65', '66', '92', '93', '110', '111', '112'],
].map((n) => `${TS}.4.${n}`);

const [columns, rows] = [61, 43];
const noise = Array.from({ length: columns * rows }, (_, i) => (Math.imul(i + 1, 2654435761) >>> 13) & 0xff);
const grey = Uint8Array.from(noise, (v, i) => (i % columns) * 3 + (v & 31));
const factsOf = (uid: string): PixelFacts => ({ ...defaultFacts, rows, columns, transferSyntax: uid });
const coded = (facts: PixelFacts) => ({
  width: columns, height: rows, samples: 1, precision: 8, signed: false, data: grey.slice(), photometric: facts.photometric,
}); // prettier-ignore

const info = {
  width: columns,
  height: rows,
  bitsPerSample: 8,
  componentCount: 1,
  isSigned: false,
  isUsingColorTransform: false,
};

/** A frame that has lost something, for the syntaxes that allow it. */
async function lossy(uid: string): Promise<Uint8Array | null> {
  const end = uid.slice(TS.length + 3);
  if (['50', '51', '53', '55'].includes(end)) {
    const form = { sampling: '444', restart: 0, tables: 'fitted', progressive: /3|5$/.test(end) } as const;
    return makeJpeg(columns, rows, 1, 8, [...grey], form);
  }
  if (end === '81') {
    return withCodec('charls', (module) => {
      const encoder = new module.JpegLSEncoder();
      encoder.getDecodedBuffer(info).set(grey);
      encoder.setNearLossless(3);
      encoder.encode();
      const out = new Uint8Array(encoder.getEncodedBuffer());
      encoder.delete();
      return out;
    });
  }
  const encode = (encoder: import('./modules').J2kEncoder): Uint8Array => {
    encoder.getDecodedBuffer(info).set(grey);
    encoder.setDecompositions(3);
    encoder.setQuality(false, 0.02);
    encoder.encode();
    const clean = cleanCodestream(new Uint8Array(encoder.getEncodedBuffer()));
    encoder.delete();
    if (!clean.ok) throw new Error(clean.message);
    return clean.value;
  };
  if (end === '91') return withCodec('openjpeg', (module) => encode(new module.J2KEncoder()));
  if (end === '203') return withCodec('openjph', (module) => encode(new module.HTJ2KEncoder()));
  return null;
}

async function lossless(uid: string): Promise<Uint8Array | null> {
  const facts = factsOf(uid);
  if (uid === `${TS}.8.1`) return deflateSync(grey);
  if (/4\.(57|70)$/.test(uid)) {
    const data = Uint16Array.from(grey);
    return encodeLossless({
      width: columns,
      height: rows,
      precision: 8,
      componentIds: [0],
      data,
      predictor: 1,
      pointTransform: 0,
    });
  }
  const codec = await codecFor(uid);
  const bytes = await codec?.encodeFrame?.(coded(facts), new Uint8Array(0), facts);
  return bytes?.ok === true ? bytes.value : null;
}

const rect = { x: 9, y: 11, width: 17, height: 8 };

/** The file redacted: still in its syntax, and readable. */
async function writtenBack(uid: string, frame: Uint8Array | null): Promise<void> {
  const facts = factsOf(uid);
  const { bytes } = frame === null ? image(facts, new Uint8Array([...grey, 0])) : image(facts, [[frame]]);
  const out = await redacted(bytes, () => [rect]);
  const file = parsed(out);
  expect(file.transferSyntax).toBe(uid);
  const frames = openFrames(file, sourceOf(out));
  const decoded = frames.ok ? await frames.value.decode(0) : frames;
  expect(decoded.ok, uid).toBe(true);
}

describe('every transfer syntax', () => {
  it('is read and written back, or not read at all', async () => {
    const table: string[] = [];
    for (const { uid, video, pixels, deflated } of known) {
      if (pixels === 'native') {
        // Of implicit and of deflated data sets only the elements around the same pixels are written otherwise (write.test.ts).
        if (!deflated && uid !== IMPLICIT_LE) await writtenBack(uid, null);
        table.push(`${uid} native`);
        continue;
      }
      const codec = await codecFor(uid);
      if (codec === undefined) {
        expect(video || unread.includes(uid), `${uid} has neither a codec nor a reason`).toBe(true);
        continue;
      }
      expect('encodeFrame' in codec || 'redactFrame' in codec, `${uid} is read, but not written`).toBe(true);
      const forms = [await lossless(uid), await lossy(uid)].filter((f) => f !== null);
      expect(forms.length, uid).toBeGreaterThan(0);
      for (const frame of forms) await writtenBack(uid, frame);
      table.push(`${uid} ${forms.length}`);
    }
    expect(table).toHaveLength(4 + 16);
  });
});
