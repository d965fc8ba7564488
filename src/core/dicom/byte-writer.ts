import type { Part } from '../bytes';
import { shortBuffer } from '../slab';

/**
 * Collects an output: bytes are gathered in one growing buffer, large ranges are passed on as parts of their own. A length field
 * is written before its value is known and patched afterwards.
 */
export class ByteWriter {
  private readonly parts: Part[] = [];
  /** The buffer being filled; an object of its own, so that a patch finds it after it has grown or was passed on. */
  private chunk: { buffer: Uint8Array<ArrayBuffer>; view: DataView<ArrayBuffer> };
  private used = 0;
  /** Bytes in `parts`. */
  private flushed = 0;

  /** `capacity`: bytes that will probably be gathered. */
  constructor(capacity: number) {
    this.chunk = newChunk(capacity);
  }

  /** Bytes written so far. */
  get position(): number {
    return this.flushed + this.used;
  }

  private reserve(count: number): number {
    const at = this.used;
    const needed = at + count;
    const { chunk } = this;
    if (needed > chunk.buffer.byteLength) {
      const larger = newChunk(Math.max(needed, chunk.buffer.byteLength * 2, 1024));
      larger.buffer.set(chunk.buffer.subarray(0, at));
      chunk.buffer = larger.buffer;
      chunk.view = larger.view;
    }
    this.used = needed;
    return at;
  }

  bytes(bytes: Uint8Array): void {
    const at = this.reserve(bytes.byteLength);
    this.chunk.buffer.set(bytes, at);
  }

  // room is made first: it may replace the view
  uint8(value: number): void {
    const at = this.reserve(1);
    this.chunk.view.setUint8(at, value);
  }

  uint16(value: number, littleEndian: boolean): void {
    const at = this.reserve(2);
    this.chunk.view.setUint16(at, value, littleEndian);
  }

  uint32(value: number, littleEndian: boolean): void {
    const at = this.reserve(4);
    this.chunk.view.setUint32(at, value, littleEndian);
  }

  tag(tag: number, littleEndian: boolean): void {
    this.uint16(tag >>> 16, littleEndian);
    this.uint16(tag & 0xffff, littleEndian);
  }

  /** Writes a length of zero and gives the function that sets it right. */
  patch32(littleEndian: boolean): (value: number) => void {
    const at = this.reserve(4);
    this.chunk.view.setUint32(at, 0, littleEndian);
    const { chunk } = this;
    return (value) => chunk.view.setUint32(at, value, littleEndian);
  }

  /** Passes a piece on as it is, without copying it. */
  part(part: Part): void {
    this.flush();
    this.parts.push(part);
    this.flushed += part instanceof Uint8Array ? part.byteLength : part.end - part.start;
  }

  private flush(): void {
    if (this.used === 0) return;
    const { buffer } = this.chunk;
    this.parts.push(buffer.subarray(0, this.used));
    this.flushed += this.used;
    // What is left of the memory is filled next.
    const rest = buffer.subarray(this.used);
    this.chunk = { buffer: rest, view: new DataView(rest.buffer, rest.byteOffset, rest.byteLength) };
    this.used = 0;
  }

  finish(): Part[] {
    this.flush();
    return this.parts;
  }
}

function newChunk(capacity: number): { buffer: Uint8Array<ArrayBuffer>; view: DataView<ArrayBuffer> } {
  const buffer = shortBuffer(capacity);
  return { buffer, view: new DataView(buffer.buffer, buffer.byteOffset, capacity) };
}
