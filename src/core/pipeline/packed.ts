/** Inputs of the browser: Files, and files that lie in an archive. Both are plain data that go to a worker without a copy. */
import { entrySource } from '../archive/zip-entry';
import type { ZipEntry } from '../archive/zip-directory';
import type { ByteSource } from '../bytes';
import { blobSource } from './sources';

/** Where the bytes of an input come from. */
export interface InputBytes {
  /** The file; or, of an archive, the part from the entry's header on. */
  readonly file: Blob;
  readonly packed?: ZipEntry;
}

export function packedSource({ file, packed }: InputBytes): ByteSource {
  return packed === undefined ? blobSource(file) : entrySource(blobSource(file), packed);
}

/** Length of the content in bytes. */
export const sizeOf = ({ file, packed }: InputBytes): number => packed?.size ?? file.size;

/** The plain part of an input, to be sent. */
export const bytesOf = ({ file, packed }: InputBytes): InputBytes =>
  packed === undefined ? { file } : { file, packed };

/** The part of an archive that holds one entry, and the entry as it lies in that part. */
export function cutOut(archive: Blob, entry: ZipEntry): InputBytes & { readonly packed: ZipEntry } {
  const { offset, end } = entry;
  return { file: archive.slice(offset, end), packed: { ...entry, offset: 0, end: end - offset } };
}
