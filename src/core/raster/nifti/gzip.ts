/** gzip around a volume (RFC 1952): unpacked up to a known length, packed without a name or time. */
import { Gunzip, Gzip, Inflate } from 'fflate';
import type { ByteSource } from '../../bytes';
import { type Failure, type Result, fail, ok } from '../../result';
import { viewOf } from '../bits';
import { crc32 } from '../png/crc';
import type { RemovedPiece } from '../types';
import { printable } from './header';

const damaged = fail('bad-nifti', 'The packed volume is damaged or incomplete.');

export const isGzip = (head: Uint8Array): boolean => head[0] === 0x1f && head[1] === 0x8b && head[2] === 8;

/** Length of a member's header, and what it tells; null: it is not all there. */
export function gzipHeader(
  head: Uint8Array,
): { readonly length: number; readonly told: readonly RemovedPiece[] } | null {
  if (!isGzip(head) || head.length < 10) return null;
  const flags = head[3] as number;
  const told: RemovedPiece[] = [];
  if (viewOf(head).getUint32(4, true) !== 0) told.push({ name: 'gzip time', bytes: 4 });
  let at = 10;
  if ((flags & 4) !== 0) {
    if (at + 2 > head.length) return null;
    const length = viewOf(head).getUint16(at, true);
    told.push({ name: 'gzip extra field', bytes: length });
    at += 2 + length;
  }
  for (const [flag, name] of [
    [8, 'gzip file name'],
    [16, 'gzip comment'],
  ] as const) {
    if ((flags & flag) === 0) continue;
    const end = head.indexOf(0, at);
    if (end < 0) return null;
    const text = printable(head.subarray(at, end));
    told.push({ name, bytes: end - at, ...(text !== '' && { text }) });
    at = end + 1;
  }
  if ((flags & 2) !== 0) at += 2;
  return at <= head.length ? { length: at, told } : null;
}

/** The first bytes of what is packed, as far as the first bytes of the file tell; empty when they tell nothing. */
export function peekGzip(head: Uint8Array): Uint8Array {
  const header = gzipHeader(head);
  if (header === null) return new Uint8Array(0);
  const pieces: number[] = [];
  try {
    const stream = new Inflate((chunk) => {
      for (let i = 0; i < chunk.length && pieces.length < 2048; i++) pieces.push(chunk[i] as number);
    });
    stream.push(head.subarray(header.length));
  } catch {
    // What came out before the damage is enough to tell.
  }
  return Uint8Array.from(pieces);
}

/** Input is unpacked in pieces, so that a bomb is noticed soon after its expected end. */
const pieceSize = 64 * 1024;
/** Output is packed in blocks of this size, since the packed bytes depend on it. */
const blockSize = 1024 * 1024;

export interface Unpacked {
  readonly data: Uint8Array;
  readonly removed: readonly RemovedPiece[];
}

/** What comes out of the stream, up to the length that its first bytes tell. */
class Taken {
  data: Uint8Array | null = null;
  refused: Failure | null = null;
  /** Bytes that came out, kept or not. */
  length = 0;
  /** CRC-32 of all of them. */
  sum = 0;
  readonly #start: Uint8Array;

  constructor(
    headLength: number,
    private readonly lengthOf: (head: Uint8Array) => Result<number>,
  ) {
    this.#start = new Uint8Array(headLength);
  }

  /** Nothing more has to be read: it is refused, or so much follows that it is a bomb. */
  get isOver(): boolean {
    return this.refused !== null || (this.data !== null && this.length > this.data.length + 64 * pieceSize);
  }

  take(chunk: Uint8Array): void {
    this.sum = crc32(chunk, 0, chunk.length, this.sum);
    let from = 0;
    if (this.data === null && this.refused === null) {
      from = Math.min(chunk.length, this.#start.length - this.length);
      this.#start.set(chunk.subarray(0, from), this.length);
      if (this.length + from === this.#start.length) this.#begin();
    }
    const room = (this.data?.length ?? 0) - this.length - from;
    if (room > 0) this.data?.set(chunk.subarray(from, from + room), this.length + from);
    this.length += chunk.length;
  }

  #begin(): void {
    const wanted = this.lengthOf(this.#start);
    if (!wanted.ok) this.refused = wanted;
    else {
      this.data = new Uint8Array(wanted.value);
      this.data.set(this.#start.subarray(0, wanted.value));
    }
  }
}

/**
 * Unpacks until `lengthOf` (asked once the first bytes are there) is reached. What comes after is only counted.
 * Errors: `bad-nifti`, and those of `lengthOf`.
 */
export async function unpackGzip(
  source: ByteSource,
  headLength: number,
  lengthOf: (head: Uint8Array) => Result<number>,
): Promise<Result<Unpacked>> {
  const headBytes = await source.read(0, 64 * 1024);
  const header = gzipHeader(headBytes);
  if (header === null) return damaged;
  const taken = new Taken(headLength, lengthOf);
  const stream = new Gunzip((chunk) => taken.take(chunk));
  let members = 1;
  stream.onmember = () => {
    members++;
  };
  let junk = false;
  try {
    for (let at = 0; at < source.size && !taken.isOver; at += pieceSize) {
      stream.push(await source.read(at, at + pieceSize), at + pieceSize >= source.size);
    }
  } catch (error) {
    if (error instanceof Error && error.name === 'ReadError') throw error;
    junk = true;
  }
  if (taken.refused !== null) return taken.refused;
  const { data: unpacked, length } = taken;
  if (unpacked === null || length < unpacked.length) return damaged;
  const removed: RemovedPiece[] = [...header.told];
  if (length > unpacked.length) removed.push({ name: 'after the volume', bytes: length - unpacked.length });
  if (junk || members > 1) removed.push({ name: 'after the gzip stream', bytes: 0 });
  else if (length === unpacked.length) {
    const tail = viewOf(await source.read(source.size - 8, source.size));
    if (tail.getUint32(0, true) !== taken.sum || tail.getUint32(4, true) !== length >>> 0) return damaged;
  }
  return ok({ data: unpacked, removed });
}

/** Packs pieces one after the other; where one ends and the next begins makes no difference. No name, no time. */
export function packGzip(pieces: Iterable<Uint8Array>): readonly Uint8Array[] {
  const out: Uint8Array[] = [];
  const stream = new Gzip({ level: 6, mtime: 0 }, (chunk) => out.push(chunk));
  let block = new Uint8Array(blockSize);
  let filled = 0;
  for (const piece of pieces) {
    for (let at = 0; at < piece.length;) {
      const taken = piece.subarray(at, at + blockSize - filled);
      block.set(taken, filled);
      at += taken.length;
      filled += taken.length;
      if (filled < blockSize) continue;
      stream.push(block);
      block = new Uint8Array(blockSize);
      filled = 0;
    }
  }
  stream.push(block.subarray(0, filled), true);
  return out;
}
