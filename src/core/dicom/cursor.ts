/** Where a reader stands in the stream, what it has spent, and how it stops. */
import type { ErrorCode } from '../result';
import { bigEndian, littleEndian, type ByteArrayParser } from './byte-readers';
import type { DicomElement, Encoding, ParseWarning, Tag } from './data-set';
import type { ParseLimits } from './limits';

export const ITEM = 0xfffee000;
export const ITEM_END = 0xfffee00d;
export const SEQUENCE_END = 0xfffee0dd;
export const UNDEFINED = 0xffffffff;

/** Of each kind; the writer asks whether a kind occurs, so none may be crowded out by another. */
const MAX_WARNINGS = 32;

/** The file can't be read on; caught at the edge of the parser and turned into a Failure. */
export class ParseStop extends Error {
  constructor(
    readonly code: ErrorCode,
    message: string,
    readonly where: string,
  ) {
    super(message);
  }
}

/** More of the source has to be loaded, up to stream offset `until`. */
export class NeedMore extends Error {
  constructor(readonly until: number) {
    super('more bytes are needed');
  }
}

export const SENTENCE = {
  beyond: 'The file is damaged: an element is longer than what holds it.',
  cut: 'The file ends in the middle of an element: a part of it is missing.',
  items: 'The file is damaged: a sequence holds something that is not an item.',
  header: 'The file is damaged: an element has no readable header.',
  delimiter: 'The file is damaged: a delimiter stands where none belongs or has a length.',
  deep: 'The file nests sequences deeper than Lethe reads.',
  many: 'The file has more elements than Lethe reads.',
} as const;

export const at = (offset: number): string => `byte ${offset}`;
export const malformed = (what: string, offset: number): ParseStop => new ParseStop('malformed', what, at(offset));

export class Cursor {
  readonly warnings: ParseWarning[] = [];
  protected bytes: Uint8Array;
  protected base: number;
  protected available: number;
  /** Pixel Representation of the data set being read: whether 'US or SS' is SS. */
  protected signed = false;
  /** Elements of the data set being read were out of order: duplicates may stand apart. */
  protected disorder = false;
  private work = 0;

  /** `bytes` are the stream's from offset `base` on; `size` is the length of the whole stream. */
  constructor(
    bytes: Uint8Array,
    base: number,
    protected readonly size: number,
    protected readonly limits: ParseLimits,
  ) {
    this.bytes = bytes;
    this.base = base;
    this.available = base + bytes.byteLength;
  }

  /** Goes on with other bytes of the stream: a longer piece from the same offset, or the piece after Pixel Data. */
  load(bytes: Uint8Array, base: number): void {
    this.bytes = bytes;
    this.base = base;
    this.available = base + bytes.byteLength;
  }

  protected count(offset: number): void {
    if (++this.work > this.limits.elements) throw new ParseStop('limit-exceeded', SENTENCE.many, at(offset));
  }

  protected warn(code: ParseWarning['code'], tag: Tag | undefined, offset: number): void {
    let same = 0;
    for (const warning of this.warnings) if (warning.code === code && ++same >= MAX_WARNINGS) return;
    this.warnings.push(tag === undefined ? { code, offset } : { code, tag, offset });
  }

  protected noteOrder(tag: Tag, offset: number, last: number): void {
    if (tag > last) return;
    if (tag === last) this.warn('duplicate-element', tag, offset);
    else {
      this.warn('out-of-order', tag, offset);
      this.disorder = true;
    }
  }

  /** Duplicates that don't stand side by side; looked for only where the order is broken. */
  protected noteDuplicates(elements: readonly DicomElement[]): void {
    const seen = new Set<Tag>();
    let last = -1;
    for (const element of elements) {
      if (seen.has(element.tag) && element.tag !== last) this.warn('duplicate-element', element.tag, element.start);
      seen.add(element.tag);
      last = element.tag;
    }
  }

  protected resetDisorder(): boolean {
    const { disorder } = this;
    this.disorder = false;
    return disorder;
  }

  /** Makes sure that bytes up to `until` belong to what ends at `end`, and are loaded. */
  protected need(until: number, end: number): void {
    if (until > end) {
      if (end === this.size) throw new ParseStop('truncated', SENTENCE.cut, at(end));
      throw malformed(SENTENCE.beyond, until);
    }
    if (until > this.available) throw new NeedMore(until);
  }

  protected reader(encoding: Encoding): ByteArrayParser {
    return encoding.littleEndian ? littleEndian : bigEndian;
  }

  protected tagAt(offset: number, littleEndianTag: boolean): Tag {
    const b = this.bytes;
    const i = offset - this.base;
    const b0 = b[i] ?? 0;
    const b1 = b[i + 1] ?? 0;
    const b2 = b[i + 2] ?? 0;
    const b3 = b[i + 3] ?? 0;
    return littleEndianTag
      ? ((b1 << 24) | (b0 << 16) | (b3 << 8) | b2) >>> 0
      : ((b0 << 24) | (b1 << 16) | (b2 << 8) | b3) >>> 0;
  }

  /** Tries a reading; undefined when it does not hold. The work it took stays counted, so that retries can't multiply. */
  protected attempt<T>(read: () => T): T | undefined {
    const warnings = this.warnings.length;
    const { signed, disorder } = this;
    try {
      return read();
    } catch (problem) {
      if (!(problem instanceof ParseStop) || problem.code === 'limit-exceeded') throw problem;
      this.warnings.length = warnings;
      this.signed = signed;
      this.disorder = disorder;
      return undefined;
    }
  }
}
