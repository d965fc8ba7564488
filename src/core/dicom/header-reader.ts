/** Headers of elements (PS3.5 7.1): tag, VR, length, in every encoding, and what is to be made of a VR that is none. */
import type { ByteArrayParser } from './byte-readers';
import { Cursor, malformed, SENTENCE, UNDEFINED } from './cursor';
import { isPrivate, type Encoding, type Tag } from './data-set';
import { dictionaryVr } from './dictionary';
import { hasLongForm, vrOfBytes } from './vr';

export interface ElementHeader {
  readonly tag: Tag;
  readonly vr: string;
  /** Has a VR field; false also for an element that a gateway left implicit in an explicit data set. */
  readonly explicit: boolean;
  readonly valueStart: number;
  readonly length: number;
}

export class HeaderCursor extends Cursor {
  /** The header at `start` within what ends at `end`. Its eight first bytes are loaded already. */
  protected readHeader(start: number, end: number, encoding: Encoding): ElementHeader {
    const reader = this.reader(encoding);
    const { bytes } = this;
    const i = start - this.base;
    const tag = this.tagAt(start, encoding.littleEndian);
    if (!encoding.explicit) {
      const length = reader.readUint32(bytes, i + 4);
      return { tag, vr: this.implicitVr(tag), explicit: false, valueStart: start + 8, length };
    }
    const vr = vrOfBytes(bytes[i + 4] ?? 0, bytes[i + 5] ?? 0);
    if (vr === undefined) {
      this.warn('vr-mismatch', tag, start);
      return this.unknownHeader(tag, start, end, encoding, reader);
    }
    if (vr !== 'UN') {
      const expected = dictionaryVr(tag);
      if (expected !== vr && expected !== '' && !expected.includes(vr)) this.warn('vr-mismatch', tag, start);
    }
    if (!hasLongForm(vr)) {
      return { tag, vr, explicit: true, valueStart: start + 8, length: reader.readUint16(bytes, i + 6) };
    }
    this.need(start + 12, end);
    return { tag, vr, explicit: true, valueStart: start + 12, length: reader.readUint32(bytes, i + 8) };
  }

  /** VR of an element without one (PS3.5 A.1): the dictionary's; alternatives are decided by Pixel Representation, or are words. */
  private implicitVr(tag: Tag): string {
    const vr = dictionaryVr(tag);
    if (vr.length === 2) return vr;
    if (vr === '') return 'UN';
    if (vr === 'US/SS') return this.signed ? 'SS' : 'US';
    return 'OW';
  }

  /**
   * The header of an element in an explicit data set whose two VR bytes are none of the standard's. Two capital letters are a
   * VR of a later edition (long form). Anything else is an element that was left implicit by a careless gateway, or, where that
   * cannot be, a short header with a blank VR.
   */
  private unknownHeader(
    tag: Tag,
    start: number,
    end: number,
    encoding: Encoding,
    reader: ByteArrayParser,
  ): ElementHeader {
    const { bytes } = this;
    const i = start - this.base;
    const capital = (b: number | undefined): boolean => b !== undefined && b >= 65 && b <= 90;
    const short = reader.readUint16(bytes, i + 6);
    if (capital(bytes[i + 4]) && capital(bytes[i + 5])) {
      if (short === 0 && start + 12 <= end) {
        this.need(start + 12, end);
        const length = reader.readUint32(bytes, i + 8);
        if (start + 12 + length <= end) return { tag, vr: 'UN', explicit: true, valueStart: start + 12, length };
      }
    } else if (encoding.littleEndian && (isPrivate(tag) || dictionaryVr(tag) !== '')) {
      const length = reader.readUint32(bytes, i + 4);
      if (length === UNDEFINED || start + 8 + length <= end) {
        return { tag, vr: this.implicitVr(tag), explicit: false, valueStart: start + 8, length };
      }
    }
    if (start + 8 + short > end) throw malformed(SENTENCE.header, start);
    return { tag, vr: 'UN', explicit: true, valueStart: start + 8, length: short };
  }
}
