/**
 * Memory for the many short buffers of a batch. A buffer of its own costs microseconds each time, and the collector's attention later;
 * cut from a common piece it costs next to nothing. The piece is freed when the last buffer cut from it is.
 */

const slabLength = 256 * 1024;
const longest = 32 * 1024;

let slab = new Uint8Array(0);
let used = 0;

/**
 * `length` bytes of zero. Up to 32 KiB they share their ArrayBuffer with others: copy before you hand the buffer to another thread.
 */
export function shortBuffer(length: number): Uint8Array<ArrayBuffer> {
  if (length > longest) return new Uint8Array(length);
  if (used + length > slab.byteLength) {
    slab = new Uint8Array(slabLength);
    used = 0;
  }
  const at = used;
  // The next one begins where a DataView or a wider array could stand.
  used = (at + length + 7) & ~7;
  return slab.subarray(at, at + length);
}
