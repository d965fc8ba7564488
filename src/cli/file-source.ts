/** A file as core reads it. Opened for each read: thousands of inputs may wait, and few descriptors are allowed. */
import { closeSync, openSync, readFileSync, readSync, statSync } from 'node:fs';
import type { ByteSource } from '../core/bytes';

export function fileSource(file: string, size = statSync(file).size): ByteSource {
  return {
    size,
    read: (start, end) => {
      const from = Math.max(0, start);
      const to = Math.min(size, end);
      return new Promise((resolve) => {
        resolve(from === 0 && to === size ? readWhole(file, size) : readRange(file, from, to));
      });
    },
    readInto: (start, into) =>
      new Promise((resolve) => {
        fill(file, start, into);
        resolve();
      }),
  };
}

/** Outside Node's shared buffers, so that it can be handed to another thread. */
function readWhole(file: string, size: number): Uint8Array {
  const bytes = readFileSync(file);
  if (bytes.byteLength !== size) throw new Error('the file changed while it was read');
  return new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

function readRange(file: string, from: number, to: number): Uint8Array {
  if (to <= from) return new Uint8Array(0);
  const bytes = new Uint8Array(to - from);
  fill(file, from, bytes);
  return bytes;
}

function fill(file: string, from: number, into: Uint8Array): void {
  const descriptor = openSync(file, 'r');
  try {
    let at = 0;
    while (at < into.byteLength) {
      const got = readSync(descriptor, into, at, into.byteLength - at, from + at);
      if (got === 0) throw new Error('the file changed while it was read');
      at += got;
    }
  } finally {
    closeSync(descriptor);
  }
}
