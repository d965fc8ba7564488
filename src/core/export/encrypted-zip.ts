/**
 * An encrypted ZIP as a stream (APPNOTE 6.3, WinZip AE-2): every entry is stored and encrypted with AES-256; Zip64 where needed. The
 * length of each entry is known before it begins, and AE-2 leaves the CRC out, so that nothing is written twice or held back.
 * Names of entries are not encrypted: they are made of pseudonyms.
 */
import { entryOverhead, type EntryCiphers } from './aes-entry';
import { isSafePath } from './paths';
import type { Sink } from './sink';
import { zipSink, type ArchiveTarget, type Pack, type PackEntry } from './zip';

const limit32 = 0xffffffff;
const limit16 = 0xffff;
/** Encrypted; name in UTF-8. */
const flags = 0x0801;
const versionNeeded = 51;
const methodAes = 99;
/** 1 January 1980, 00:00: where DOS times start; the hour of an export can point to a person. */
const dosTime = 0;
const dosDate = 0x21;

/** Writes fields of 2, 4 and 8 bytes, little-endian. */
class Fields {
  readonly #bytes: number[] = [];

  u16(value: number): this {
    this.#bytes.push(value & 0xff, (value >>> 8) & 0xff);
    return this;
  }

  u32(value: number): this {
    return this.u16(value & limit16).u16(Math.floor(value / 65536) & limit16);
  }

  u64(value: number): this {
    return this.u32(value % 2 ** 32).u32(Math.floor(value / 2 ** 32));
  }

  bytes(bytes: Uint8Array): this {
    this.#bytes.push(...bytes);
    return this;
  }

  done(): Uint8Array {
    return Uint8Array.from(this.#bytes);
  }
}

interface Written {
  readonly name: Uint8Array;
  /** Length of the content. */
  readonly size: number;
  readonly offset: number;
}

/** Strength 3 is AES-256; the content itself is stored. */
const aesField = (): Uint8Array =>
  new Fields()
    .u16(0x9901)
    .u16(7)
    .u16(2)
    .bytes(Uint8Array.of(0x41, 0x45, 3))
    .u16(0)
    .done();

const capped = (value: number): number => Math.min(value, limit32);

/** What both headers of an entry say, from the version needed to the lengths of what follows. */
function shared(fields: Fields, { name, size }: Pick<Written, 'name' | 'size'>, extras: Uint8Array): Fields {
  const packed = size + entryOverhead;
  const large = packed >= limit32;
  return fields
    .u16(versionNeeded)
    .u16(flags)
    .u16(methodAes)
    .u16(dosTime)
    .u16(dosDate)
    .u32(0)
    .u32(large ? limit32 : packed)
    .u32(large ? limit32 : size)
    .u16(name.byteLength)
    .u16(extras.byteLength);
}

function localHeader({ name, size }: Written): Uint8Array {
  const packed = size + entryOverhead;
  const large = packed >= limit32;
  const extra = new Fields();
  if (large) extra.u16(1).u16(16).u64(size).u64(packed);
  const extras = extra.bytes(aesField()).done();
  return shared(new Fields().u32(0x04034b50), { name, size }, extras).bytes(name).bytes(extras).done();
}

function centralHeader({ name, size, offset }: Written): Uint8Array {
  const packed = size + entryOverhead;
  const large = packed >= limit32;
  const far = offset >= limit32;
  const extra = new Fields();
  if (large || far) extra.u16(1).u16((large ? 16 : 0) + (far ? 8 : 0));
  if (large) extra.u64(size).u64(packed);
  if (far) extra.u64(offset);
  const extras = extra.bytes(aesField()).done();
  return shared(new Fields().u32(0x02014b50).u16(versionNeeded), { name, size }, extras)
    .u16(0)
    .u16(0)
    .u16(0)
    .u32(0)
    .u32(capped(offset))
    .bytes(name)
    .bytes(extras)
    .done();
}

function ending(count: number, start: number, length: number): Uint8Array {
  const fields = new Fields();
  if (count >= limit16 || start >= limit32 || length >= limit32) {
    fields.u32(0x06064b50).u64(44).u16(versionNeeded).u16(versionNeeded).u32(0).u32(0);
    fields.u64(count).u64(count).u64(length).u64(start);
    fields.u32(0x07064b50).u32(0).u64(start + length).u32(1);
  }
  const shown = Math.min(count, limit16);
  return fields.u32(0x06054b50).u16(0).u16(0).u16(shown).u16(shown).u32(capped(length)).u32(capped(start)).u16(0).done();
} // prettier-ignore

/** Pieces go through the cipher in slices, so that no single step takes long. */
const sliceLength = 256 * 1024;

async function* archive(
  entries: AsyncIterable<PackEntry>,
  ciphers: EntryCiphers,
): AsyncGenerator<Uint8Array, void, void> {
  const written: Written[] = [];
  let offset = 0;
  for await (const { path, size, content } of entries) {
    if (!isSafePath(path)) throw new Error('the name of an entry is not allowed');
    const entry: Written = { name: new TextEncoder().encode(path), size, offset };
    const cipher = await ciphers();
    const head = localHeader(entry);
    yield head;
    yield cipher.head;
    let left = size;
    for await (const piece of content) {
      left -= piece.byteLength;
      for (let at = 0; at < piece.byteLength; at += sliceLength) {
        yield await cipher.update(piece.subarray(at, at + sliceLength));
      }
    }
    // The header has said how long it is.
    if (left !== 0) throw new Error('an entry is not as long as it was said to be');
    yield await cipher.finish();
    written.push(entry);
    offset += head.byteLength + size + entryOverhead;
  }
  const start = offset;
  for (const entry of written) {
    const header = centralHeader(entry);
    offset += header.byteLength;
    yield header;
  }
  yield ending(written.length, start, offset - start);
}

/** Packs entries into an archive that opens with the password alone. */
export function packEncrypted(ciphers: EntryCiphers): Pack {
  return (entries) => {
    const pieces = archive(entries, ciphers);
    return new ReadableStream<Uint8Array>({
      pull: async (controller) => {
        // A pull that brings nothing would be the last.
        let next = await pieces.next();
        while (next.done !== true && next.value.byteLength === 0) next = await pieces.next();
        if (next.done === true) controller.close();
        else controller.enqueue(next.value);
      },
      cancel: async () => {
        await pieces.return();
      },
    });
  };
}

/** A sink whose archive opens with the password alone; see `zipSink`. */
export function encryptedZipSink(target: ArchiveTarget, ciphers: EntryCiphers, discard?: () => Promise<void>): Sink {
  return zipSink(target, discard, packEncrypted(ciphers));
}
