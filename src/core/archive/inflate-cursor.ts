/**
 * Reads a deflated entry from front to back by the platform's own inflater, holding a few MiB. A read before what is held begins
 * anew; readers of images go forwards, so that is rare. Never gives more bytes than the entry says it has.
 */
import type { ByteSource } from '../bytes';
import { crc32 } from '../raster/png/crc';
import { ArchiveError } from './error';

const packedPiece = 256 * 1024;
/** What was read stays for readers that look back a little. */
const heldBytes = 4 * 1024 * 1024;

export interface Deflated {
  readonly source: ByteSource;
  /** Where the deflate stream lies in the source. */
  readonly start: number;
  readonly end: number;
  /** Length and checksum of what it unpacks to. */
  readonly size: number;
  readonly crc32: number;
}

const broken = (): ArchiveError => new ArchiveError('archive-damaged', 'an entry does not unpack');

export class InflateCursor {
  readonly #deflated: Deflated;
  #reader: ReadableStreamDefaultReader<Uint8Array> | undefined;
  /** Unpacked pieces still held, and the offset of the first. */
  #held: Uint8Array[] = [];
  #heldStart = 0;
  #position = 0;
  #checksum = 0;
  /** A failure of the medium, which the stream would hide behind its own. */
  #mediumFailed: { readonly error: unknown } | undefined;
  #line: Promise<unknown> = Promise.resolve();

  constructor(deflated: Deflated) {
    this.#deflated = deflated;
  }

  /** Bytes [start, end) of the unpacked entry, within its size. Reads wait for each other. */
  read(start: number, end: number): Promise<Uint8Array> {
    const mine = this.#line.then(() => this.#read(start, end));
    this.#line = mine.catch(() => undefined);
    return mine;
  }

  async #read(start: number, end: number): Promise<Uint8Array> {
    const out = new Uint8Array(end - start);
    if (end <= start) return out;
    if (start < this.#heldStart || (end > this.#position && this.#reader === undefined)) this.#restart();
    this.#copy(start, out);
    while (this.#position < end || (end === this.#deflated.size && this.#reader !== undefined)) {
      const piece = await this.#next();
      if (piece === null) break;
      this.#held.push(piece);
      this.#copyPiece(piece, this.#position - piece.byteLength, start, out);
      this.#letGo();
    }
    return out;
  }

  #restart(): void {
    const { source, start, end } = this.#deflated;
    void this.#reader?.cancel().catch(() => undefined);
    let at = start;
    const packed = new ReadableStream<Uint8Array<ArrayBuffer>>(
      {
        pull: async (controller) => {
          if (at >= end) {
            controller.close();
            return;
          }
          try {
            const piece = await source.read(at, Math.min(end, at + packedPiece));
            if (piece.byteLength === 0) throw new Error('short read');
            at += piece.byteLength;
            controller.enqueue(piece as Uint8Array<ArrayBuffer>);
          } catch (error) {
            this.#mediumFailed = { error };
            throw error;
          }
        },
      },
      { highWaterMark: 0 },
    );
    this.#reader = packed.pipeThrough(new DecompressionStream('deflate-raw')).getReader();
    this.#held = [];
    this.#heldStart = 0;
    this.#position = 0;
    this.#checksum = 0;
    this.#mediumFailed = undefined;
  }

  /** The next piece; null when the entry ends as it should. */
  async #next(): Promise<Uint8Array | null> {
    const { size, crc32: wanted } = this.#deflated;
    const next = await this.#reader?.read().catch(() => {
      this.#reader = undefined;
      if (this.#mediumFailed !== undefined) throw this.#mediumFailed.error;
      throw broken();
    });
    if (next === undefined) throw broken();
    if (next.done) {
      this.#reader = undefined;
      if (this.#position !== size || this.#checksum !== wanted) throw broken();
      return null;
    }
    this.#position += next.value.byteLength;
    if (this.#position > size) {
      void this.#reader?.cancel().catch(() => undefined);
      this.#reader = undefined;
      throw new ArchiveError('archive-hostile', 'an entry unpacks to more than it says');
    }
    this.#checksum = crc32(next.value, 0, next.value.byteLength, this.#checksum);
    return next.value;
  }

  #copy(start: number, out: Uint8Array): void {
    let at = this.#heldStart;
    for (const piece of this.#held) {
      this.#copyPiece(piece, at, start, out);
      at += piece.byteLength;
    }
  }

  #copyPiece(piece: Uint8Array, pieceStart: number, start: number, out: Uint8Array): void {
    const from = Math.max(start, pieceStart);
    const to = Math.min(start + out.byteLength, pieceStart + piece.byteLength);
    if (to > from) out.set(piece.subarray(from - pieceStart, to - pieceStart), from - start);
  }

  #letGo(): void {
    let first = this.#held[0];
    while (first !== undefined && this.#position - this.#heldStart - first.byteLength >= heldBytes) {
      this.#heldStart += first.byteLength;
      this.#held.shift();
      first = this.#held[0];
    }
  }
}
