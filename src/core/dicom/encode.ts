/** Writes elements that are made anew, in the encoding of the data set that takes them in (PS3.5 7.1). */
import type { NewElement } from '../deid/plan';
import type { ByteWriter } from './byte-writer';
import type { Encoding, Tag } from './data-set';
import { ITEM } from './cursor';
import { hasLongForm, paddingOf } from './vr';

/**
 * Tag, VR and length. A value that is too long for a VR with a 16-bit length is written as UN (PS3.5 6.2.2).
 * `withoutLength`: the caller writes the length field, which must be a 32-bit one.
 */
export function writeElementHeader(
  out: ByteWriter,
  tag: Tag,
  vr: string,
  length: number,
  encoding: Encoding,
  withoutLength = false,
): void {
  const { littleEndian } = encoding;
  out.tag(tag, littleEndian);
  if (encoding.explicit) {
    const written = !hasLongForm(vr) && length > 0xffff ? 'UN' : vr;
    out.uint8(written.charCodeAt(0));
    out.uint8(written.charCodeAt(1));
    if (!hasLongForm(written)) {
      out.uint16(length, littleEndian);
      return;
    }
    out.uint16(0, littleEndian);
  }
  if (!withoutLength) out.uint32(length, littleEndian);
}

/** One new element; sequences and their items get defined lengths. An odd value is padded as its VR asks. */
export function writeNewElement(out: ByteWriter, element: NewElement, encoding: Encoding): void {
  const { littleEndian } = encoding;
  if (element.items === undefined) {
    const value = element.value ?? new Uint8Array(0);
    const odd = value.byteLength & 1;
    writeElementHeader(out, element.tag, element.vr, value.byteLength + odd, encoding);
    out.bytes(value);
    if (odd === 1) out.uint8(paddingOf(element.vr));
    return;
  }
  writeElementHeader(out, element.tag, 'SQ', 0, encoding, true);
  const patchSequence = out.patch32(littleEndian);
  const sequenceStart = out.position;
  for (const item of element.items) {
    out.tag(ITEM, littleEndian);
    const patchItem = out.patch32(littleEndian);
    const itemStart = out.position;
    for (const inner of [...item].sort((a, b) => a.tag - b.tag)) writeNewElement(out, inner, encoding);
    patchItem(out.position - itemStart);
  }
  patchSequence(out.position - sequenceStart);
}
