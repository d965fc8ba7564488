/** A file as core reads it. Opened for each read: thousands of inputs may wait, and few descriptors are allowed. */
import { closeSync, fstatSync, openSync, read, readSync, statSync, type Stats } from 'node:fs';
import type { ByteSource } from '../core/bytes';
import { shortBuffer } from '../core/slab';

/** From this length on a read is left to another thread of the system, so that this one can go on computing. */
const asideLength = 512 * 1024;

/** Files up to this length can be held: one slice of a CT or an MR, not a radiograph. */
const holdLength = 1024 * 1024;
/** Memory of held files that was given back. Fresh memory costs as much as the read. */
const free: Uint8Array[] = [];
const mostFree = 20;

export function fileSource(file: string, size = statSync(file).size): ByteSource {
  let known: Pick<Stats, 'ino' | 'mtimeMs'> | undefined;
  /** Opens the file; fails when it is another than at the first read, or was written to since: what was checked must be what is copied. */
  const open = (): number => {
    const descriptor = openSync(file, 'r');
    const now = fstatSync(descriptor);
    known ??= now;
    if (now.size === size && now.mtimeMs === known.mtimeMs && now.ino === known.ino) return descriptor;
    closeSync(descriptor);
    throw changed();
  };
  const fill = (from: number, into: Uint8Array): void => {
    const descriptor = open();
    try {
      for (let at = 0; at < into.byteLength;) {
        const got = readSync(descriptor, into, at, into.byteLength - at, from + at);
        if (got === 0) throw changed();
        at += got;
      }
    } finally {
      closeSync(descriptor);
    }
  };
  const fillAside = async (from: number, into: Uint8Array): Promise<void> => {
    const descriptor = open();
    try {
      for (let at = 0; at < into.byteLength;) {
        const got = await readAside(descriptor, into, at, from + at);
        if (got === 0) throw changed();
        at += got;
      }
    } finally {
      closeSync(descriptor);
    }
  };
  let memory: Uint8Array | undefined;
  let held: Promise<Uint8Array> | undefined;
  /** What is held, once it is all there. */
  let there: Uint8Array | undefined;
  const holdWhole = async (): Promise<Uint8Array> => {
    const whole = (memory ??= free.pop() ?? new Uint8Array(holdLength)).subarray(0, size);
    try {
      if (size > 0) await fillAside(0, whole);
      there = whole;
    } catch (error) {
      held = undefined;
      throw error;
    }
    return whole;
  };
  return {
    size,
    cheapRanges: true,
    ...(size <= holdLength && {
      hold: () => (held ??= holdWhole()),
      release: () => {
        if (memory !== undefined && free.length < mostFree) free.push(memory);
        held = memory = there = undefined;
      },
    }),
    read: (start, end) =>
      new Promise((resolve) => {
        const from = Math.max(0, start);
        const bytes = shortBuffer(Math.max(0, Math.min(size, end) - from));
        // A copy: what is held ends with its release, what was read does not.
        if (there !== undefined) bytes.set(there.subarray(from, from + bytes.byteLength));
        else if (bytes.byteLength > 0) fill(from, bytes);
        resolve(bytes);
      }),
    readInto: (start, into) =>
      into.byteLength >= asideLength
        ? fillAside(start, into)
        : new Promise((resolve) => {
            fill(start, into);
            resolve();
          }),
  };
}

const changed = (): Error => new Error('the file changed while it was read');

function readAside(descriptor: number, into: Uint8Array, at: number, position: number): Promise<number> {
  return new Promise((resolve, reject) => {
    read(descriptor, into, at, into.byteLength - at, position, (error, got) => {
      if (error === null) resolve(got);
      else reject(error);
    });
  });
}
