/** Finds the fragments of encapsulated Pixel Data (PS3.5 A.4) in the source, reading little more than their item headers. */
import { bigEndian, littleEndian } from './byte-readers';
import type { Encoding, Fragment } from './data-set';
import { ITEM, ParseStop, SEQUENCE_END } from './reader';

/** Small reads cost a round trip each, so a piece is read that is likely to hold the next headers as well. */
const SMALLEST_PIECE = 4 * 1024;
const LARGEST_PIECE = 1024 * 1024;

/**
 * Walks from item to item. The piece that is read grows while fragments are short (their headers then share a read) and
 * shrinks when they are long. Missing delimiter: accepted where the file ends exactly with a fragment.
 * Throws ParseStop: 'truncated', 'malformed', 'limit-exceeded'.
 */
export async function walkFragments(
  start: number,
  size: number,
  encoding: Encoding,
  read: (start: number, end: number) => Promise<Uint8Array>,
  limit: number,
): Promise<{ fragments: Fragment[]; valueEnd: number; end: number }> {
  const reader = encoding.littleEndian ? littleEndian : bigEndian;
  const fragments: Fragment[] = [];
  let piece: Uint8Array = new Uint8Array(0);
  let pieceStart = 0;
  let pieceSize = SMALLEST_PIECE;
  let headersInPiece = 0;
  let position = start;
  for (;;) {
    if (position === size) return { fragments, valueEnd: size, end: size };
    if (position + 8 > size) throw new ParseStop('truncated', 'The file ends inside its pixel data.', `byte ${size}`);
    if (position < pieceStart || position + 8 > pieceStart + piece.byteLength) {
      if (headersInPiece > 1) pieceSize = Math.min(LARGEST_PIECE, pieceSize * 4);
      else if (headersInPiece === 1) pieceSize = Math.max(SMALLEST_PIECE, pieceSize / 4);
      headersInPiece = 0;
      pieceStart = position;
      piece = await read(position, Math.min(size, position + pieceSize));
    }
    headersInPiece++;
    const i = position - pieceStart;
    const tag = ((reader.readUint16(piece, i) << 16) | reader.readUint16(piece, i + 2)) >>> 0;
    const length = reader.readUint32(piece, i + 4);
    if (tag === SEQUENCE_END && length === 0) return { fragments, valueEnd: position, end: position + 8 };
    if (tag !== ITEM) {
      throw new ParseStop('malformed', 'The pixel data holds something that is not a fragment.', `byte ${position}`);
    }
    const valueStart = position + 8;
    const valueEnd = valueStart + length;
    if (valueEnd > size) throw new ParseStop('truncated', 'The file ends inside its pixel data.', `byte ${size}`);
    if (fragments.length >= limit) {
      throw new ParseStop('limit-exceeded', 'The pixel data has more fragments than Lethe reads.', `byte ${position}`);
    }
    fragments.push({ start: position, valueStart, valueEnd });
    position = valueEnd;
  }
}
