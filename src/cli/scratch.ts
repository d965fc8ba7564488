/**
 * Room on the disk for new pixel data that memory is not to hold: a temporary file without a name. It is taken out of its folder as
 * soon as it is open, so that it is gone with the process however that ends. TMPDIR says where.
 */
import { closeSync, fstatSync, openSync, readSync, unlinkSync, writeSync } from 'node:fs';
import { randomUUID } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ByteSource } from '../core/bytes';
import type { ScratchRef, ScratchStore } from '../core/scratch';

/** Descriptors belong to the process: any thread may read and close them (`trackUnmanagedFds` in workers.ts). */
interface FileRef extends ScratchRef {
  readonly descriptor: number;
}

const isFileRef = (ref: ScratchRef): ref is FileRef => 'descriptor' in ref && typeof ref.descriptor === 'number';

function descriptorOf(ref: ScratchRef): number {
  if (!isFileRef(ref)) throw new TypeError('not a scratch of this store');
  return ref.descriptor;
}

function reading(descriptor: number, size: () => number): ByteSource {
  const fill = (start: number, into: Uint8Array): void => {
    for (let at = 0; at < into.byteLength;) {
      const got = readSync(descriptor, into, at, into.byteLength - at, start + at);
      if (got === 0) throw new RangeError('the scratch file ends before the bytes asked for');
      at += got;
    }
  };
  return {
    get size() {
      return size();
    },
    read: (start, end) =>
      new Promise((resolve) => {
        const from = Math.max(0, start);
        const bytes = new Uint8Array(Math.max(0, Math.min(size(), end) - from));
        fill(from, bytes);
        resolve(bytes);
      }),
    readInto: (start, into) =>
      new Promise((resolve) => {
        fill(start, into);
        resolve();
      }),
  };
}

function close(descriptor: number): void {
  try {
    closeSync(descriptor);
  } catch {
    // Closed already.
  }
}

/** @param folder default: the system's for temporary files */
export function fileScratch(folder = tmpdir()): ScratchStore {
  return {
    create: () =>
      new Promise((resolve) => {
        const name = join(folder, `lethe-${randomUUID()}`);
        const descriptor = openSync(name, 'wx+', 0o600);
        unlinkSync(name);
        let size = 0;
        const source = reading(descriptor, () => size);
        resolve({
          ...source,
          get size() {
            return size;
          },
          append: (bytes) =>
            new Promise((done) => {
              for (let at = 0; at < bytes.byteLength;) at += writeSync(descriptor, bytes, at, undefined, size + at);
              size += bytes.byteLength;
              done();
            }),
          seal: () => Promise.resolve<FileRef>({ size, descriptor }),
          discard: () => {
            close(descriptor);
            return Promise.resolve();
          },
        });
      }),
    open: (ref) => {
      const descriptor = descriptorOf(ref);
      const { size } = fstatSync(descriptor);
      return reading(descriptor, () => size);
    },
    release: (ref) => {
      close(descriptorOf(ref));
      return Promise.resolve();
    },
  };
}
