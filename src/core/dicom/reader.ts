/**
 * Reads data sets (PS3.5 7) as byte ranges: every element's start, value and end, duplicates and disorder included, so that
 * nothing lies between two elements that nobody has seen. dicom-parser's own data set is keyed by tag and would hide a duplicate;
 * therefore the loop is ours and only its byte readers are used.
 */
import { at, ITEM, ITEM_END, malformed, NeedMore, ParseStop, SENTENCE, SEQUENCE_END, UNDEFINED } from './cursor';
import { formatTag, type DicomElement, type DicomItem, type Encoding, type Fragment, type Tag } from './data-set';
import { dictionaryVr } from './dictionary';
import { HeaderCursor } from './header-reader';
import type { ParseLimits } from './limits';
import { encodings } from './transfer-syntaxes';

export const PIXEL_DATA = 0x7fe00010;
const PIXEL_REPRESENTATION = 0x00280103;

/** Float, Double Float and plain Pixel Data at the top level: the values that may stay in the source. */
export function isPixelTag(tag: Tag): boolean {
  return tag === PIXEL_DATA || tag === 0x7fe00008 || tag === 0x7fe00009;
}

/** Top-level Pixel Data whose value reaches beyond what is loaded. */
export interface PixelsLeft {
  readonly tag: Tag;
  readonly vr: string;
  readonly start: number;
  readonly valueStart: number;
  readonly length: number;
}

/** An undefined-length value of these VRs is a list of fragments. */
const fragmentVrs = new Set(['OB', 'OW', 'OD', 'OF', 'OL', 'OV']);

export class DataSetReader extends HeaderCursor {
  readonly elements: DicomElement[] = [];
  /** Stream offset where the next top-level element begins. */
  position: number;

  private lastTag = -1;
  private sawPixels = false;
  /** Offset of a byte that is known not to be zero: runs of zeros are looked through once. */
  private notZeroAt = -1;

  /** `bytes` are the stream's from offset `base` on; `size` is the length of the whole stream, `start` where to begin. */
  constructor(
    bytes: Uint8Array,
    base: number,
    size: number,
    start: number,
    private readonly encoding: Encoding,
    limits: ParseLimits,
  ) {
    super(bytes, base, size, limits);
    this.position = start;
  }

  /** Adds a top-level element that was read elsewhere: Pixel Data left in the source. */
  add(element: DicomElement): void {
    this.noteOrder(element.tag, element.start, this.lastTag);
    if (element.undefinedLength && element.end === element.valueEnd) {
      this.warn('missing-delimiter', undefined, element.end);
    }
    this.lastTag = element.tag;
    this.sawPixels = true;
    this.elements.push(element);
    this.position = element.end;
  }

  /**
   * Reads top-level elements until the end of the stream ('done'), until Pixel Data that reaches beyond the loaded bytes, or
   * until more bytes are needed. Can be called again after `load`. Throws ParseStop.
   */
  run(): 'done' | NeedMore | PixelsLeft {
    let warnings = this.warnings.length;
    let { signed } = this;
    try {
      while (this.position < this.size) {
        warnings = this.warnings.length;
        ({ signed } = this);
        if (this.onlyZerosFollow()) {
          this.warn('trailing-padding', undefined, this.position);
          break;
        }
        const element = this.readElement(this.position, this.size, this.encoding, 0);
        if (!('end' in element)) return element;
        this.noteOrder(element.tag, element.start, this.lastTag);
        this.lastTag = element.tag;
        if (isPixelTag(element.tag)) this.sawPixels = true;
        this.elements.push(element);
        this.position = element.end;
      }
    } catch (problem) {
      if (problem instanceof NeedMore) {
        // the element is read again from its start when more is there
        this.warnings.length = warnings;
        this.signed = signed;
        return problem;
      }
      if (problem instanceof ParseStop && this.sawPixels && problem.code !== 'limit-exceeded') {
        throw new ParseStop(
          'trailing-bytes',
          'The file goes on after its pixel data with bytes that are not DICOM.',
          problem.where,
        );
      }
      throw problem;
    }
    if (this.disorder) this.noteDuplicates(this.elements);
    return 'done';
  }

  /** Zero bytes to the end of the stream are padding: as elements they would be (0000,0000) without a value. */
  private onlyZerosFollow(): boolean {
    const { bytes, base } = this;
    const from = this.position - base;
    if (bytes[from] !== 0 || (bytes[from + 1] ?? 0) !== 0 || this.elements.length === 0) return false;
    // a data set may begin with group 0, but nothing after its first element may
    if (this.notZeroAt >= this.position) return false;
    for (let i = from; i < bytes.length; i++) {
      if (bytes[i] === 0) continue;
      this.notZeroAt = base + i;
      return false;
    }
    if (this.available < this.size) throw new NeedMore(this.size);
    return true;
  }

  /** One element within [start, end). Only at depth 0 it may answer with Pixel Data left in the source. */
  private readElement(start: number, end: number, encoding: Encoding, depth: number): DicomElement | PixelsLeft {
    this.count(this.position);
    this.need(start + 8, end);
    const { tag, vr, explicit, valueStart, length } = this.readHeader(start, end, encoding);
    if (tag >= ITEM && tag <= 0xfffeffff) throw malformed(SENTENCE.delimiter, start);
    // command elements (PS3.7) begin a message; inside a data set they are sample data or zeros that were read as elements
    if (tag <= 0xffff && (depth > 0 || this.lastTag > 0xffff)) throw malformed(SENTENCE.header, start);

    const inner = explicit === encoding.explicit ? encoding : encodings.implicitLe;
    if (length === UNDEFINED) return this.readUndefined(tag, vr, start, valueStart, end, inner, depth);

    const valueEnd = valueStart + length;
    if (valueEnd > end) {
      if (depth === 0) throw new ParseStop('truncated', SENTENCE.cut, `${formatTag(tag)} at ${at(start)}`);
      throw malformed(SENTENCE.beyond, start);
    }
    if (valueEnd > this.available) {
      if (depth === 0 && isPixelTag(tag)) return { tag, vr, start, valueStart, length };
      throw new NeedMore(valueEnd);
    }
    if ((length & 1) === 1) this.warn('odd-length', tag, start);
    if (vr === 'SQ') {
      const items = this.readItems(valueStart, valueEnd, false, inner, depth + 1).items;
      return { tag, vr, start, valueStart, valueEnd, end: valueEnd, undefinedLength: false, items };
    }
    if (vr === 'UN' && length >= 8) {
      const items = this.hiddenItems(tag, valueStart, valueEnd, depth);
      if (items !== undefined) {
        return { tag, vr, start, valueStart, valueEnd, end: valueEnd, undefinedLength: false, items };
      }
    }
    if (tag === PIXEL_REPRESENTATION && length === 2) {
      this.signed = this.reader(inner).readUint16(this.bytes, valueStart - this.base) === 1;
    }
    return { tag, vr, start, valueStart, valueEnd, end: valueEnd, undefinedLength: false };
  }

  private readUndefined(
    tag: Tag,
    vr: string,
    start: number,
    valueStart: number,
    end: number,
    encoding: Encoding,
    depth: number,
  ): DicomElement | PixelsLeft {
    const pixels = isPixelTag(tag);
    if (pixels || fragmentVrs.has(vr)) {
      if (pixels && depth === 0 && this.available < this.size) return { tag, vr, start, valueStart, length: UNDEFINED };
      const found = this.readFragments(valueStart, end, encoding);
      return { tag, vr, start, valueStart, ...found, undefinedLength: true };
    }
    if (vr !== 'SQ' && vr !== 'UN' && encoding.explicit) throw malformed(SENTENCE.header, start);
    if (vr !== 'UN' || !encoding.explicit) {
      const found = this.readItems(valueStart, end, true, encoding, depth + 1);
      return { tag, vr, start, valueStart, ...found, undefinedLength: true };
    }
    // PS3.5 6.2.2 note 4: UN of undefined length is a sequence in implicit little endian; some write it explicitly all the same
    const found =
      this.attempt(() => this.readItems(valueStart, end, true, encodings.implicitLe, depth + 1)) ??
      this.readItems(valueStart, end, true, encoding, depth + 1);
    if (found.items[0]?.encoding.explicit === true) this.warn('explicit-un-sequence', tag, start);
    return { tag, vr, start, valueStart, ...found, undefinedLength: true };
  }

  /** A value of unknown meaning may be a sequence: it is one if its items can be read to the last byte. */
  private hiddenItems(tag: Tag, valueStart: number, valueEnd: number, depth: number): readonly DicomItem[] | undefined {
    if (this.tagAt(valueStart, true) !== ITEM) return undefined;
    const expected = dictionaryVr(tag);
    if (expected !== '' && expected !== 'SQ') return undefined;
    const implicit = this.attempt(() => this.readItems(valueStart, valueEnd, false, encodings.implicitLe, depth + 1));
    if (implicit !== undefined) return implicit.items;
    const explicit = this.attempt(() => this.readItems(valueStart, valueEnd, false, encodings.explicitLe, depth + 1));
    if (explicit !== undefined) this.warn('explicit-un-sequence', tag, valueStart);
    return explicit?.items;
  }

  private readItems(
    start: number,
    end: number,
    undefinedLength: boolean,
    encoding: Encoding,
    depth: number,
  ): { items: DicomItem[]; valueEnd: number; end: number } {
    if (depth > this.limits.depth) throw new ParseStop('limit-exceeded', SENTENCE.deep, at(start));
    const reader = this.reader(encoding);
    const items: DicomItem[] = [];
    let position = start;
    for (;;) {
      if (position === end) {
        // an open sequence that ends with what holds it: only its delimiter is missing
        if (undefinedLength) this.warn('missing-delimiter', undefined, position);
        return { items, valueEnd: end, end };
      }
      this.count(this.position);
      this.need(position + 8, end);
      const tag = this.tagAt(position, encoding.littleEndian);
      const length = reader.readUint32(this.bytes, position + 4 - this.base);
      if (tag === SEQUENCE_END && length === 0) {
        if (undefinedLength) return { items, valueEnd: position, end: position + 8 };
        if (position + 8 !== end) throw malformed(SENTENCE.delimiter, position);
        this.warn('missing-delimiter', undefined, position);
        return { items, valueEnd: end, end };
      }
      if (tag !== ITEM) throw malformed(SENTENCE.items, position);
      const item = this.readItem(position, length, end, encoding, depth);
      items.push(item);
      position = item.end;
    }
  }

  private readItem(start: number, length: number, end: number, encoding: Encoding, depth: number): DicomItem {
    const valueStart = start + 8;
    const undefinedLength = length === UNDEFINED;
    const limit = undefinedLength ? end : valueStart + length;
    if (limit > end) {
      if (end === this.size) throw new ParseStop('truncated', SENTENCE.cut, at(start));
      throw malformed(SENTENCE.beyond, start);
    }
    const elements: DicomElement[] = [];
    const { signed } = this;
    const outerDisorder = this.resetDisorder();
    let position = valueStart;
    let valueEnd = -1;
    let after = -1;
    let last = -1;
    while (position < limit) {
      this.need(position + 8, limit);
      const tag = this.tagAt(position, encoding.littleEndian);
      if (tag === ITEM_END || tag === SEQUENCE_END) {
        if (this.reader(encoding).readUint32(this.bytes, position + 4 - this.base) !== 0) {
          throw malformed(SENTENCE.delimiter, position);
        }
        if (tag === ITEM_END && undefinedLength) {
          valueEnd = position;
          after = position + 8;
        } else if (tag === SEQUENCE_END && undefinedLength) {
          // the sequence ends without its last item having ended
          this.warn('missing-delimiter', undefined, position);
          valueEnd = position;
          after = position;
        } else {
          throw malformed(SENTENCE.delimiter, position);
        }
        break;
      }
      const element = this.readElement(position, limit, encoding, depth);
      if (!('end' in element)) throw malformed(SENTENCE.header, position);
      this.noteOrder(element.tag, element.start, last);
      last = element.tag;
      elements.push(element);
      position = element.end;
    }
    if (valueEnd < 0) {
      if (undefinedLength) this.warn('missing-delimiter', undefined, position);
      valueEnd = limit;
      after = limit;
    }
    if (this.disorder) this.noteDuplicates(elements);
    this.disorder = outerDisorder;
    this.signed = signed;
    return { start, valueStart, valueEnd, end: after, undefinedLength, encoding, elements };
  }

  private readFragments(
    start: number,
    end: number,
    encoding: Encoding,
  ): { fragments: Fragment[]; valueEnd: number; end: number } {
    const reader = this.reader(encoding);
    const fragments: Fragment[] = [];
    let position = start;
    for (;;) {
      if (position === end) {
        this.warn('missing-delimiter', undefined, position);
        return { fragments, valueEnd: end, end };
      }
      this.count(this.position);
      this.need(position + 8, end);
      const tag = this.tagAt(position, encoding.littleEndian);
      const length = reader.readUint32(this.bytes, position + 4 - this.base);
      if (tag === SEQUENCE_END && length === 0) return { fragments, valueEnd: position, end: position + 8 };
      if (tag !== ITEM) throw malformed(SENTENCE.items, position);
      const valueStart = position + 8;
      const valueEnd = valueStart + length;
      this.need(valueEnd, end);
      fragments.push({ start: position, valueStart, valueEnd });
      position = valueEnd;
    }
  }
}
