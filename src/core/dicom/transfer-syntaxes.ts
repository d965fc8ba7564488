/** Transfer syntaxes (PS3.5 annex A): what the parser, the writer and the pixels have to know about each. */
import type { Encoding } from './data-set';
import { uidInfo } from './uids';

export const IMPLICIT_LE = '1.2.840.10008.1.2';
export const EXPLICIT_LE = '1.2.840.10008.1.2.1';
export const DEFLATED_LE = '1.2.840.10008.1.2.1.99';
export const EXPLICIT_BE = '1.2.840.10008.1.2.2';
export const RLE = '1.2.840.10008.1.2.5';

/** Pixel Data sits in fragments (PS3.5 A.4), or as plain samples. */
export type PixelEncoding = 'native' | 'encapsulated';

export interface TransferSyntax {
  readonly uid: string;
  /** As PS3.6 names it, without the process numbers: 'JPEG 2000 Image Compression'. */
  readonly name: string;
  readonly encoding: Encoding;
  readonly deflated: boolean;
  readonly pixels: PixelEncoding;
  /** MPEG-2, MPEG-4, HEVC: one stream over all frames. */
  readonly video: boolean;
}

const explicitLe: Encoding = { explicit: true, littleEndian: true };
const implicitLe: Encoding = { explicit: false, littleEndian: true };
const explicitBe: Encoding = { explicit: true, littleEndian: false };

/**
 * Facts of a transfer syntax; undefined for UIDs that PS3.6 does not register as one. Private syntaxes are unknown on purpose:
 * nobody can say how their data sets are encoded (GE's 1.2.840.113619.5.2 mixes byte orders).
 */
export function transferSyntax(uid: string): TransferSyntax | undefined {
  const info = uidInfo(uid);
  if (info?.type !== 'TransferSyntax') return undefined;
  // JPIP references and SMPTE ST 2110 streams hold no pixel data of their own; papyrus is not DICOM encoding
  if (/^1\.2\.840\.10008\.1\.(20|2\.7\.|2\.4\.9[45]$|2\.4\.20[45]$|2\.6\.)/.test(uid)) return undefined;
  const native = uid === IMPLICIT_LE || uid === EXPLICIT_LE || uid === EXPLICIT_BE || uid === DEFLATED_LE;
  return {
    uid,
    name: info.name.replace(/ \(Process.*$/, '').replace(/:.*$/, ''),
    encoding: uid === IMPLICIT_LE ? implicitLe : uid === EXPLICIT_BE ? explicitBe : explicitLe,
    deflated: uid === DEFLATED_LE,
    pixels: native ? 'native' : 'encapsulated',
    video: /^1\.2\.840\.10008\.1\.2\.4\.10[0-8](\.1)?$/.test(uid),
  };
}

/** Every registered syntax under which a data set can be stored in a file. */
export const encodings = { explicitLe, implicitLe, explicitBe } as const;
