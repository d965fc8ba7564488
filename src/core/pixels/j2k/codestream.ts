import { ok, type Result } from '../../result';
import { Fault, guarded } from '../fault';

/** Marker segments of JPEG 2000 codestreams (ITU-T T.800 annex A) that matter for what must not leave with a frame. */

const SOC = 0xff4f;
const SIZ = 0xff51;
const COD = 0xff52;
const TLM = 0xff55;
const COM = 0xff64;
const SOT = 0xff90;
const SOD = 0xff93;
const EOC = 0xffd9;

export interface CodestreamSize {
  readonly width: number;
  readonly height: number;
  readonly components: readonly {
    readonly precision: number;
    readonly signed: boolean;
    readonly dx: number;
    readonly dy: number;
  }[];
  /** A multiple component transform (RCT or ICT) is used. */
  readonly transform: boolean;
  /** The wavelet is the reversible one. */
  readonly reversible: boolean;
}

const half = (b: Uint8Array, at: number): number => ((b[at] ?? 0) << 8) | (b[at + 1] ?? 0);
const word = (b: Uint8Array, at: number): number => half(b, at) * 65536 + half(b, at + 2);

const damaged = (): Fault => new Fault('codec-failed', 'The JPEG 2000 data of the frame is malformed.');

/**
 * The codestream of a frame. DICOM wants it bare (PS3.5 A.4.4); some writers wrap it as JP2, whose boxes can hold XML and
 * more: only the codestream is taken out. A JP2 with a palette would change its meaning and is refused.
 */
function bareCodestream(bytes: Uint8Array): Uint8Array {
  if (half(bytes, 0) === SOC) return bytes;
  if (word(bytes, 0) !== 12 || word(bytes, 4) !== 0x6a502020) throw damaged();
  for (let at = 0; at + 8 <= bytes.length;) {
    let length = word(bytes, at);
    const type = word(bytes, at + 4);
    let header = 8;
    if (length === 1) {
      length = word(bytes, at + 8) * 2 ** 32 + word(bytes, at + 12);
      header = 16;
    }
    if (length === 0) length = bytes.length - at;
    if (length < header || at + length > bytes.length) throw damaged();
    if (type === 0x6a703263) return bytes.subarray(at + header, at + length);
    if (type === 0x6a703268) {
      for (let box = at + header; box + 8 <= at + length;) {
        if (word(bytes, box + 4) === 0x70636c72) {
          throw new Fault('codec-unsupported', 'JPEG 2000 with a palette of its own is not supported.');
        }
        const boxLength = word(bytes, box);
        if (boxLength < 8) break;
        box += boxLength;
      }
    }
    at += length;
  }
  throw damaged();
}

interface Edited {
  readonly parts: Uint8Array[];
  changed: boolean;
}

/** Marker segments from `at` up to `stop`, without comments; returns the offset of the stop marker. */
function copySegments(bytes: Uint8Array, start: number, limit: number, stop: readonly number[], out: Edited): number {
  let at = start;
  for (;;) {
    if (at + 2 > limit) throw damaged();
    const marker = half(bytes, at);
    if (stop.includes(marker)) return at;
    const length = half(bytes, at + 2);
    if (marker < 0xff00 || length < 2 || at + 2 + length > limit) throw damaged();
    if (marker === COM) out.changed = true;
    // Tile-part lengths stated in advance are optional; they go where they would become untrue (see below).
    else out.parts.push(bytes.subarray(at, at + 2 + length));
    at += 2 + length;
  }
}

const length = (parts: readonly Uint8Array[]): number => parts.reduce((sum, p) => sum + p.length, 0);

/**
 * A codestream without comments (COM, in the main header and in tile-parts) and without bytes after EOC. Tile-part lengths are
 * corrected, TLM segments are left out when a length changed. Coded data stays byte for byte; the same array comes back
 * when there is nothing to remove. Errors: `codec-failed`, `codec-unsupported`.
 */
export function cleanCodestream(frame: Uint8Array): Result<Uint8Array> {
  return guarded(() => {
    const bytes = bareCodestream(frame);
    const out: Edited = { parts: [bytes.subarray(0, 2)], changed: bytes !== frame };
    let at = copySegments(bytes, 2, bytes.length, [SOT, EOC], out);
    const mainHeader = out.parts.length;
    let lengthsChanged = false;
    let ended = false;
    while (at < bytes.length) {
      const marker = at + 2 <= bytes.length ? half(bytes, at) : 0;
      if (marker === EOC) {
        out.parts.push(bytes.subarray(at, at + 2));
        at += 2;
        ended = true;
        break;
      }
      if (marker !== SOT || at + 12 > bytes.length) {
        // Truncated streams are common and decodable; what is no marker is not part of the image.
        break;
      }
      const stated = word(bytes, at + 6);
      const end = stated === 0 ? lastEnd(bytes) : Math.min(bytes.length, at + stated);
      const header: Edited = { parts: [], changed: false };
      const data = copySegments(bytes, at + 12, end, [SOD], header);
      const sot = bytes.slice(at, at + 12);
      if (header.changed) {
        out.changed = true;
        lengthsChanged = true;
        if (stated !== 0) {
          new DataView(sot.buffer).setUint32(6, 12 + length(header.parts) + (at + stated - data), false);
        }
      }
      out.parts.push(sot, ...header.parts, bytes.subarray(data, end));
      at = end;
    }
    // One zero byte makes an odd stream even.
    if (at < bytes.length && !(at === bytes.length - 1 && bytes[at] === 0)) out.changed = true;
    if (!ended) {
      out.changed = true;
      out.parts.push(Uint8Array.of(0xff, 0xd9));
    }
    if (!out.changed) return ok(frame);
    const kept = out.parts.filter((p, i) => !(lengthsChanged && i > 0 && i < mainHeader && half(p, 0) === TLM));
    const whole = new Uint8Array(length(kept));
    let to = 0;
    for (const part of kept) {
      whole.set(part, to);
      to += part.length;
    }
    return ok(whole);
  });
}

/** The last tile-part may state no length: it then goes on to EOC, which is the last marker of the data. */
function lastEnd(bytes: Uint8Array): number {
  for (let at = bytes.length - 2; at > 0; at--) if (half(bytes, at) === EOC) return at;
  return bytes.length;
}

/** Image size, components and transform, from SIZ and COD. Errors: `codec-failed`. */
export function readSize(bytes: Uint8Array): Result<CodestreamSize> {
  return guarded(() => {
    if (half(bytes, 0) !== SOC || half(bytes, 2) !== SIZ) throw damaged();
    const count = half(bytes, 40);
    if (count === 0 || half(bytes, 4) !== 38 + 3 * count) throw damaged();
    const components = Array.from({ length: count }, (_, i) => {
      const at = 42 + 3 * i;
      const depth = bytes[at] ?? 0;
      return { precision: (depth & 127) + 1, signed: depth > 127, dx: bytes[at + 1] ?? 1, dy: bytes[at + 2] ?? 1 };
    });
    let transform = false;
    let reversible = true;
    for (let at = 4 + half(bytes, 4); at + 4 <= bytes.length; at += 2 + half(bytes, at + 2)) {
      const marker = half(bytes, at);
      if (marker === SOT || half(bytes, at + 2) < 2) break;
      if (marker === COD) {
        transform = bytes[at + 8] === 1;
        reversible = bytes[at + 13] === 1;
      }
    }
    const width = word(bytes, 8) - word(bytes, 16);
    const height = word(bytes, 12) - word(bytes, 20);
    return ok({ width, height, components, transform, reversible });
  });
}

/** Bits a sample of the first component; undefined when that can't be read. */
export function codestreamPrecision(bytes: Uint8Array): number | undefined {
  const size = readSize(bytes);
  return size.ok ? size.value.components[0]?.precision : undefined;
}
