/**
 * What a ZIP holds, from its central directory alone: nothing is unpacked. Every entry that is a file is named, those that can't be
 * read with the reason, so that none is lost silently. Bounded: in entries, in the length of the directory, in what an entry may
 * unpack to, and no two entries may share bytes.
 */
import type { ByteSource } from '../bytes';
import { fail, ok, type Result } from '../result';
import { ArchiveError, type ArchiveCode } from './error';
import { decodeName, entryPath } from './entry-name';
import {
  damaged,
  end64Length,
  endLength,
  localHeaderLength,
  locatorLength,
  readCentral,
  readEnd,
  readEnd64,
  readLocator,
  viewOf,
  type CentralHeader,
  type Directory,
} from './zip-records';

/** A file in an archive, as it has to be unpacked. Plain data. */
export interface ZipEntry {
  /** Below the archive, with '/'. */
  readonly path: string;
  readonly method: 'stored' | 'deflated';
  /** Length as it lies in the archive, and unpacked, in bytes. */
  readonly packedSize: number;
  readonly size: number;
  readonly crc32: number;
  /** Where its local header begins, and where the next thing of the archive begins at the earliest. */
  readonly offset: number;
  readonly end: number;
}

/** A file in an archive that can't be unpacked. */
export interface RefusedEntry {
  readonly path: string;
  readonly size: number;
  readonly code: ArchiveCode;
}

export type ListedEntry = ZipEntry | RefusedEntry;

export const isRefused = (entry: ListedEntry): entry is RefusedEntry => 'code' in entry;

/** The page can show no more inputs than this. */
const mostEntries = 250_000;
const longestDirectory = 256 * 1024 * 1024;
const piece = 4 * 1024 * 1024;
/** No deflate stream says more than 1,032 bytes with one. */
const steepestDeflate = 1_032;
/** What unpacks to much more than it is must stay small: an image without content does, nothing larger has a reason to. */
const steepRatio = 250;
const steepSize = 64 * 1024 * 1024;

/** Errors: the four of archives, 'too-many-files'. Rejects when the medium fails. */
export async function listZip(source: ByteSource): Promise<Result<readonly ListedEntry[]>> {
  try {
    const directory = await findDirectory(source);
    if (directory.entries > mostEntries)
      return fail('too-many-files', 'The archive holds more files than Lethe reads.');
    const headers = await readDirectory(source, directory);
    return ok(listed(headers, directory));
  } catch (problem) {
    if (problem instanceof ArchiveError) return fail(problem.code, `The archive can't be read: ${problem.message}.`);
    throw problem;
  }
}

async function findDirectory(source: ByteSource): Promise<Directory> {
  const from = Math.max(0, source.size - endLength - 0xffff - locatorLength);
  const view = viewOf(await source.read(from, source.size));
  for (let at = view.byteLength - endLength; at >= 0; at--) {
    const found = readEnd(view, at);
    if (found === null) continue;
    const locator = at >= locatorLength ? readLocator(view, at - locatorLength) : null;
    if (locator === null) {
      if (found.needs64 && found.offset + found.size !== from + at) throw damaged('no Zip64 locator');
      return checked(found, from + at);
    }
    if (locator + end64Length > from + at) throw damaged('the Zip64 end record lies outside');
    return checked(readEnd64(viewOf(await source.read(locator, locator + end64Length))), locator);
  }
  throw damaged('no end of the directory');
}

/** Nothing may lie between the directory and its end: bytes that nobody explains may be anything. */
function checked(directory: Directory, end: number): Directory {
  if (directory.offset + directory.size !== end) throw damaged('the directory is not where it should be');
  if (directory.size > longestDirectory) throw new ArchiveError('archive-hostile', 'the directory is too long');
  return directory;
}

async function readDirectory(source: ByteSource, { offset, size, entries }: Directory): Promise<CentralHeader[]> {
  const headers: CentralHeader[] = [];
  let bytes = new Uint8Array(0);
  let at = 0;
  let next = offset;
  const end = offset + size;
  while (at < bytes.byteLength || next < end) {
    const header = readCentral(bytes, at);
    if (header !== null) {
      headers.push(header);
      if (headers.length > entries) throw damaged('the directory holds more than it says');
      at += header.length;
      continue;
    }
    if (next >= end) throw damaged('the directory breaks off');
    const more = await source.read(next, Math.min(end, next + piece));
    if (more.byteLength === 0) throw damaged('the directory breaks off');
    const joined = new Uint8Array(bytes.byteLength - at + more.byteLength);
    joined.set(bytes.subarray(at));
    joined.set(more, bytes.byteLength - at);
    next += more.byteLength;
    bytes = joined;
    at = 0;
  }
  if (headers.length !== entries) throw damaged('the directory holds less than it says');
  return headers;
}

function listed(headers: readonly CentralHeader[], directory: Directory): ListedEntry[] {
  const ends = endsOf(headers, directory.offset);
  return headers.flatMap((header, i): ListedEntry[] => {
    const name = decodeName(header.name);
    const { path, hostile } = entryPath(name);
    const folder = /[\\/]$/.test(name);
    if (folder && header.size === 0 && !hostile) return [];
    const end = ends[i] ?? directory.offset;
    const refuse = (code: ArchiveCode): RefusedEntry => ({ path, size: header.size, code });
    if (hostile || folder || isBomb(header)) return [refuse('archive-hostile')];
    const code = unreadable(header, end, directory.offset);
    if (code !== null) return [refuse(code)];
    const { packedSize, size, crc32, offset } = header;
    return [{ path, method: header.method === 0 ? 'stored' : 'deflated', packedSize, size, crc32, offset, end }];
  });
}

/** Where the bytes of each entry end at the latest: where the next one begins. */
function endsOf(headers: readonly CentralHeader[], directory: number): readonly number[] {
  const starts = [...new Set(headers.map((h) => h.offset))].sort((a, b) => a - b);
  const next = new Map(starts.map((start, i) => [start, starts[i + 1] ?? directory]));
  const shared = new Map<number, number>();
  for (const { offset } of headers) shared.set(offset, (shared.get(offset) ?? 0) + 1);
  // Entries that begin at one place share their bytes: none of them has room.
  return headers.map(({ offset }) => (shared.get(offset) === 1 ? (next.get(offset) ?? directory) : offset));
}

function isBomb({ method, size, packedSize }: CentralHeader): boolean {
  if (method !== 8) return false;
  return size > packedSize * steepestDeflate || (size > steepSize && size > packedSize * steepRatio);
}

function unreadable(header: CentralHeader, end: number, directory: number): ArchiveCode | null {
  const { flags, method, size, packedSize, offset, unixMode } = header;
  // Bits 0 and 6: encrypted; 13: the local header is masked (APPNOTE 4.4.4). Method 99: AES.
  if ((flags & 0x2041) !== 0 || method === 99) return 'archive-encrypted';
  if (offset >= directory) return 'archive-damaged';
  if (offset + localHeaderLength + packedSize > end) return 'archive-hostile';
  if (method !== 0 && method !== 8) return 'archive-unsupported';
  // A link is no image; what it points to is not ours to follow. Bit 5: patch data.
  if ((unixMode & 0xf000) === 0xa000 || (flags & 0x0020) !== 0) return 'archive-unsupported';
  if (method === 0 && size !== packedSize) return 'archive-damaged';
  return null;
}
