/** One file in a ZIP, read as if it lay unpacked on the disk. */
import type { ByteSource } from '../bytes';
import { crc32 } from '../raster/png/crc';
import { decodeName, entryPath } from './entry-name';
import { ArchiveError } from './error';
import { InflateCursor } from './inflate-cursor';
import type { ZipEntry } from './zip-directory';
import { damaged, localHeaderLength, readLocal } from './zip-records';

/**
 * @param archive the whole archive, or a part of it that begins at `entry.offset` when that is 0
 * Reads reject with an ArchiveError when the entry contradicts the directory, does not unpack, or unpacks to something else.
 */
export function entrySource(archive: ByteSource, entry: ZipEntry): ByteSource {
  let data: Promise<ByteSource> | undefined;
  const clamp = (n: number): number => Math.min(entry.size, Math.max(0, n));
  return {
    size: entry.size,
    read: async (start, end) => {
      data ??= openEntry(archive, entry);
      return (await data).read(clamp(start), Math.max(clamp(start), clamp(end)));
    },
  };
}

/** The entry's own header must say what the directory says: programs that trust the one or the other must see the same file. */
async function openEntry(archive: ByteSource, entry: ZipEntry): Promise<ByteSource> {
  const { offset, end, packedSize, size, method, path } = entry;
  const fixed = await archive.read(offset, offset + localHeaderLength);
  const local = readLocal(fixed);
  const start = offset + local.length;
  if (start + packedSize > end) throw damaged('an entry reaches into the next');
  if ((local.flags & 0x2041) !== 0) throw new ArchiveError('archive-encrypted', 'an entry is encrypted');
  if (local.method !== (method === 'stored' ? 0 : 8)) throw damaged('two methods for one entry');
  const nameStart = offset + localHeaderLength;
  const name = await archive.read(nameStart, nameStart + local.nameLength);
  // Where the directory has a Unicode name beside it, the plain one may be spelled otherwise: then its length in folders counts.
  const plain = entryPath(decodeName(name)).path;
  if (plain !== path && plain.split('/').length !== path.split('/').length) throw damaged('two names for one entry');
  if (method === 'deflated') {
    const cursor = new InflateCursor({ source: archive, start, end: start + packedSize, size, crc32: entry.crc32 });
    return { size, read: (from, to) => cursor.read(from, to) };
  }
  return {
    size,
    read: async (from, to) => {
      const bytes = await archive.read(start + from, start + to);
      if (bytes.byteLength !== to - from) throw damaged('the archive breaks off');
      if (bytes.byteLength === size && crc32(bytes, 0, size) !== entry.crc32) throw damaged('an entry was changed');
      return bytes;
    },
  };
}
