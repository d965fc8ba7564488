/** Finds the fragments of encapsulated Pixel Data (PS3.5 A.4) in the source, reading little more than their item headers. */
import { bigEndian, littleEndian } from './byte-readers';
import type { Encoding, Fragment } from './data-set';
import { ITEM, ParseStop, SEQUENCE_END } from './cursor';

type Read = (start: number, end: number) => Promise<Uint8Array>;

/** Small reads cost a round trip each, so a piece is read that is likely to hold the next headers as well. */
const SMALLEST_PIECE = 1024;
const LARGEST_PIECE = 1024 * 1024;
const HEADER = 8;
/** Headers that the offset table announces are read this many at a time, side by side. */
const BATCH = 32;
/** A Basic Offset Table larger than this is not used for reading ahead; it is never needed. */
const LARGEST_TABLE = 4 * 1024 * 1024;

/** Reads headers of fragments, several at once where the offset table tells where they are. */
class HeaderReader {
  private piece: Uint8Array = new Uint8Array(0);
  private pieceStart = 0;
  private pieceSize = SMALLEST_PIECE;
  private headersInPiece = 0;
  private announced: readonly number[] = [];
  private next = 0;
  private readonly ahead = new Map<number, Uint8Array>();

  constructor(
    private readonly size: number,
    private readonly read: Read,
  ) {}

  /**
   * Believes the offset table as far as reading goes: a wrong one costs time, never correctness. Offsets that follow each other
   * closely share a piece anyway.
   */
  async useTable(start: number, end: number): Promise<void> {
    if (end - start < 8 || end - start > LARGEST_TABLE) return;
    const table = await this.read(start, end);
    const positions: number[] = [];
    for (let at = 0; at + 4 <= table.byteLength; at += 4) positions.push(end + littleEndian.readUint32(table, at));
    const span = (positions.at(-1) ?? 0) - (positions[0] ?? 0);
    if (span / positions.length > SMALLEST_PIECE) this.announced = positions;
  }

  /** The eight bytes at `position`; fewer never. */
  async header(position: number): Promise<{ bytes: Uint8Array; at: number }> {
    const found = this.ahead.get(position);
    if (found !== undefined) {
      this.ahead.delete(position);
      return { bytes: found, at: 0 };
    }
    if (position >= this.pieceStart && position + HEADER <= this.pieceStart + this.piece.byteLength) {
      this.headersInPiece++;
      return { bytes: this.piece, at: position - this.pieceStart };
    }
    while ((this.announced[this.next] ?? Infinity) < position) this.next++;
    if (this.announced[this.next] === position) return { bytes: await this.readAhead(position), at: 0 };
    if (this.headersInPiece > 1) this.pieceSize = Math.min(LARGEST_PIECE, this.pieceSize * 4);
    else this.pieceSize = Math.max(SMALLEST_PIECE, this.pieceSize / 4);
    this.headersInPiece = 1;
    this.pieceStart = position;
    this.piece = await this.read(position, Math.min(this.size, position + this.pieceSize));
    return { bytes: this.piece, at: 0 };
  }

  private async readAhead(position: number): Promise<Uint8Array> {
    const wanted = this.announced.slice(this.next, this.next + BATCH).filter((p) => p + HEADER <= this.size);
    this.next += BATCH;
    this.ahead.clear();
    const headers = await Promise.all(wanted.map((p) => this.read(p, p + HEADER)));
    wanted.forEach((p, i) => {
      const header = headers[i];
      if (header !== undefined && p !== position) this.ahead.set(p, header);
    });
    return headers[0] ?? (await this.read(position, position + HEADER));
  }
}

/**
 * Walks from item to item. Missing delimiter: accepted where the file ends exactly with a fragment.
 * Throws ParseStop: 'truncated', 'malformed', 'limit-exceeded'.
 */
export async function walkFragments(
  start: number,
  size: number,
  encoding: Encoding,
  read: Read,
  limit: number,
): Promise<{ fragments: Fragment[]; valueEnd: number; end: number }> {
  const reader = encoding.littleEndian ? littleEndian : bigEndian;
  const headers = new HeaderReader(size, read);
  const fragments: Fragment[] = [];
  let position = start;
  for (;;) {
    if (position === size) return { fragments, valueEnd: size, end: size };
    if (position + HEADER > size)
      throw new ParseStop('truncated', 'The file ends inside its pixel data.', `byte ${size}`);
    const { bytes, at } = await headers.header(position);
    const tag = ((reader.readUint16(bytes, at) << 16) | reader.readUint16(bytes, at + 2)) >>> 0;
    const length = reader.readUint32(bytes, at + 4);
    if (tag === SEQUENCE_END && length === 0) return { fragments, valueEnd: position, end: position + HEADER };
    if (tag !== ITEM) {
      throw new ParseStop('malformed', 'The pixel data holds something that is not a fragment.', `byte ${position}`);
    }
    const valueStart = position + HEADER;
    const valueEnd = valueStart + length;
    if (valueEnd > size) throw new ParseStop('truncated', 'The file ends inside its pixel data.', `byte ${size}`);
    if (fragments.length >= limit) {
      throw new ParseStop('limit-exceeded', 'The pixel data has more fragments than Lethe reads.', `byte ${position}`);
    }
    fragments.push({ start: position, valueStart, valueEnd });
    if (fragments.length === 1) await headers.useTable(valueStart, valueEnd);
    position = valueEnd;
  }
}
