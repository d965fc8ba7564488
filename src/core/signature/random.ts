/** What of a certificate nobody chose: a short value that stands there stands there by chance. */
import { randomParts, readCertificate } from '../cms/certificates';

export type ByteRange = readonly [start: number, end: number];

let last: { readonly certificate: Uint8Array; readonly ranges: readonly ByteRange[] } | undefined;

/** Where in a certificate (DER) its key, its number and its signature are. */
export function randomRanges(certificate: Uint8Array): readonly ByteRange[] {
  if (last?.certificate !== certificate) {
    const read = readCertificate(certificate.slice());
    const ranges = (read.ok ? randomParts(read.value.certificate) : []).flatMap((part): ByteRange[] => {
      const start = indexOf(certificate, part);
      return start < 0 ? [] : [[start, start + part.byteLength]];
    });
    last = { certificate, ranges };
  }
  return last.ranges;
}

function indexOf(bytes: Uint8Array, part: Uint8Array): number {
  for (let at = 0; at + part.byteLength <= bytes.byteLength; at++) {
    if (part.every((byte, i) => bytes[at + i] === byte)) return at;
  }
  return -1;
}
