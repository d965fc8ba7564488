import { ok, type Result } from '../../result';
import { Fault, guarded } from '../fault';

/**
 * Codestreams put together from those of their components (ITU-T T.800 annexes A and B). The codec packages scramble images of
 * several components without a colour transform and lose those above 8 bits, while one component is always right: so each is
 * encoded by itself, and its packets take their places in one codestream.
 */

const SOC = 0xff4f;
const SIZ = 0xff51;
const COD = 0xff52;
const TLM = 0xff55;
const SOT = 0xff90;
const SOD = 0xff93;
const EOC = 0xffd9;

/** Progression orders (table A.16). */
const RPCL = 2;
const CPRL = 4;

const half = (b: Uint8Array, at: number): number => ((b[at] ?? 0) << 8) | (b[at + 1] ?? 0);
const word = (b: Uint8Array, at: number): number => half(b, at) * 65536 + half(b, at + 2);

const damaged = (): Fault => new Fault('codec-failed', 'The JPEG 2000 data of the frame is malformed.');

interface Pieces {
  /** Marker segments of the main header after SIZ, without TLM. */
  readonly header: readonly Uint8Array[];
  readonly size: Uint8Array;
  /** Coded data of each tile-part of the one tile. */
  readonly tileParts: readonly Uint8Array[];
  readonly tilePartLengths: boolean;
}

function piecesOf(bytes: Uint8Array): Pieces {
  if (half(bytes, 0) !== SOC || half(bytes, 2) !== SIZ) throw damaged();
  const header: Uint8Array[] = [];
  const tileParts: Uint8Array[] = [];
  let size = new Uint8Array(0);
  let tilePartLengths = false;
  let at = 2;
  while (at + 2 <= bytes.length && half(bytes, at) !== EOC) {
    const marker = half(bytes, at);
    const length = half(bytes, at + 2);
    if (marker === SOT) {
      const end = word(bytes, at + 6) === 0 ? bytes.length - 2 : at + word(bytes, at + 6);
      // One tile, and nothing between SOT and SOD.
      if (half(bytes, at + 4) !== 0 || half(bytes, at + 12) !== SOD || end > bytes.length) throw damaged();
      tileParts.push(bytes.subarray(at + 14, end));
      at = end;
      continue;
    }
    if (length < 2) throw damaged();
    const segment = bytes.subarray(at, at + 2 + length);
    if (marker === SIZ) size = segment.slice();
    else if (marker === TLM) tilePartLengths = true;
    else header.push(segment);
    at += 2 + length;
  }
  return { header, size, tileParts, tilePartLengths };
}

function concat(parts: readonly Uint8Array[]): Uint8Array {
  const out = new Uint8Array(parts.reduce((sum, p) => sum + p.length, 0));
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return out;
}

function segmentOf(marker: number, body: readonly number[]): Uint8Array {
  const length = body.length + 2;
  return Uint8Array.of(marker >> 8, marker & 0xff, length >> 8, length & 0xff, ...body);
}

const wordBytes = (value: number): number[] => [value >>> 24, (value >>> 16) & 255, (value >>> 8) & 255, value & 255];

/**
 * One codestream of several components from codestreams of one component each, which were encoded alike: one tile, one layer, one
 * precinct a resolution, no colour transform. Tile-parts at resolutions stay so (order RPCL); else the order becomes CPRL.
 * Errors: `codec-failed`.
 */
export function joinComponents(codestreams: readonly Uint8Array[]): Result<Uint8Array> {
  return guarded(() => {
    const all = codestreams.map(piecesOf);
    const [first] = all;
    if (first === undefined || all.some((p) => p.tileParts.length !== first.tileParts.length)) throw damaged();
    const byResolution = first.tileParts.length > 1;

    // SIZ: its 40 bytes before the components, then three bytes a component (A.5.1).
    const size = concat([first.size.subarray(0, 40), ...all.map((p) => p.size.subarray(40, 43))]);
    new DataView(size.buffer).setUint16(2, 38 + 3 * all.length);
    new DataView(size.buffer).setUint16(38, all.length);

    const header = first.header.map((segment) => {
      if (half(segment, 0) !== COD) return segment;
      const coding = segment.slice();
      // SGcod: progression order, layers, transform (A.6.1).
      coding[5] = byResolution ? RPCL : CPRL;
      coding[8] = 0;
      return coding;
    });
    const tileParts = first.tileParts.map((_, i) => concat(all.map((p) => p.tileParts[i] ?? new Uint8Array(0))));
    const lengths = tileParts.map((data) => 14 + data.length);
    // Stlm 0x40: 32-bit lengths, tiles in order (A.7.1).
    const index = first.tilePartLengths ? [segmentOf(TLM, [0, 0x40, ...lengths.flatMap(wordBytes)])] : [];
    return ok(
      concat([
        Uint8Array.of(SOC >> 8, SOC & 0xff),
        size,
        ...header,
        ...index,
        ...tileParts.flatMap((data, i) => [
          segmentOf(SOT, [0, 0, ...wordBytes(lengths[i] ?? 0), i, tileParts.length]),
          Uint8Array.of(SOD >> 8, SOD & 0xff),
          data,
        ]),
        Uint8Array.of(EOC >> 8, EOC & 0xff),
      ]),
    );
  });
}

/**
 * The same codestream saying that its samples are signed, or that they are not. The samples that a decoder finds differ by
 * 2^(precision - 1) and nothing else does: the level shift of unsigned samples (annex G.1) makes the coefficients equal. Codecs
 * need never see a signed image, which they handle wrongly at 8 bits.
 */
export function withSign(codestream: Uint8Array, signed: boolean): Uint8Array {
  const out = codestream.slice();
  for (let i = 0; i < half(codestream, 40); i++) {
    const at = 42 + 3 * i;
    out[at] = ((out[at] ?? 0) & 0x7f) | (signed ? 0x80 : 0);
  }
  return out;
}

/**
 * OpenJPH hands over images without a colour transform line by line and plane by plane, and the package takes its lines for those
 * of interleaved pixels: puts them back. `data` is pixel-interleaved in name only.
 */
export function unscrambled<T extends Uint8Array | Uint16Array>(
  data: T,
  width: number,
  height: number,
  samples: number,
): T {
  const out = data.slice() as T;
  for (let line = 0; line < height * samples; line++) {
    const from = Math.floor(line / samples) * width * samples + (line % samples);
    const to = (line % height) * width * samples + Math.floor(line / height);
    for (let x = 0; x < width; x++) out[to + x * samples] = data[from + x * samples] ?? 0;
  }
  return out;
}
