/**
 * Opens CMS EnvelopedData of any length with a private key (RFC 5652 6): the head is read whole, the content goes through in pieces.
 * Takes what Lethe writes and what OpenSSL writes, with -stream or without: definite and indefinite lengths, content in one string or
 * in many. CBC does not tell of changes: whoever opens a bundle checks what is in it against its record.
 */
import { Integer, ObjectIdentifier, OctetString, Sequence, Set as Asn1Set, fromBER, type BaseBlock } from 'asn1js';
import { ContentInfo, CryptoEngine } from 'pkijs';
import type { ByteSource } from '../bytes';
import { fail, ok, type Failure, type Result } from '../result';
import { aes256CbcOid, envelopedDataOid, unseal } from './envelope';
import type { PrivateKey } from './private-key';

const block = 16;
/** Decrypted at a time; whole blocks. */
const pieceLength = 1024 * 1024;
/** Recipients and algorithms must lie within the first bytes. */
const longestHead = 1024 * 1024;

const bad: Failure = fail('bad-envelope', 'It is no CMS envelope that Lethe can open, or it is damaged.');

/** Whether bytes begin as an envelope does: a SEQUENCE that names EnvelopedData. */
export function looksLikeEnvelope(head: Uint8Array): boolean {
  const oid = [0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x07, 0x03];
  if (head[0] !== 0x30) return false;
  const first = head[1] ?? 0;
  const at = first > 0x80 ? 2 + (first & 0x7f) : 2;
  return oid.every((byte, i) => head[at + i] === byte);
}

/** The content of an envelope in pieces. Errors as `unseal`; a rejection later on: the rest of it is damaged, or reading failed. */
export async function openEnvelope(source: ByteSource, key: PrivateKey): Promise<Result<AsyncGenerator<Uint8Array>>> {
  const head = await readHead(source);
  if (head === null) return bad;
  const opened = await contentKey(head, key);
  return opened.ok ? ok(decrypted(source, head, opened.value)) : opened;
}

/** Pieces as a stream, made when they are asked for. */
export function asStream(pieces: AsyncGenerator<Uint8Array>): ReadableStream<Uint8Array<ArrayBuffer>> {
  return new ReadableStream<Uint8Array<ArrayBuffer>>({
    pull: async (controller) => {
      const next = await pieces.next();
      if (next.done === true) controller.close();
      else controller.enqueue(next.value as Uint8Array<ArrayBuffer>);
    },
  });
}

interface Head {
  readonly version: BaseBlock;
  readonly recipients: BaseBlock;
  readonly iv: Uint8Array<ArrayBuffer>;
  /** Where the content begins: its own tag. */
  readonly contentStart: number;
}

interface Header {
  readonly tag: number;
  /** null: indefinite. */
  readonly length: number | null;
  readonly valueStart: number;
}

function headerAt(bytes: Uint8Array, at: number): Header | null {
  const [tag, first] = [bytes[at], bytes[at + 1]];
  if (tag === undefined || first === undefined) return null;
  if (first < 0x80) return { tag, length: first, valueStart: at + 2 };
  const count = first & 0x7f;
  if (count === 0) return { tag, length: null, valueStart: at + 2 };
  if (count > 6 || at + 2 + count > bytes.byteLength) return null;
  let length = 0;
  for (const byte of bytes.subarray(at + 2, at + 2 + count)) length = length * 256 + byte;
  return { tag, length, valueStart: at + 2 + count };
}

/** null: it is none. */
async function readHead(source: ByteSource): Promise<Head | null> {
  const bytes = (await source.read(0, Math.min(source.size, longestHead))).slice();
  if (!looksLikeEnvelope(bytes)) return null;
  let at = headerAt(bytes, 0)?.valueStart ?? 0;
  const part = (): BaseBlock | null => {
    const { offset, result } = fromBER(bytes.slice(at));
    if (offset < 0) return null;
    at += offset;
    return result;
  };
  const enter = (tag: number): boolean => {
    const header = headerAt(bytes, at);
    if (header?.tag !== tag) return false;
    at = header.valueStart;
    return true;
  };
  const oid = part();
  if (!(oid instanceof ObjectIdentifier) || oid.getValue() !== envelopedDataOid || !enter(0xa0) || !enter(0x30)) return null;
  const version = part();
  const recipients = part();
  if (!(version instanceof Integer) || !(recipients instanceof Asn1Set) || !enter(0x30)) return null;
  const type = part();
  const algorithm = part();
  if (!(type instanceof ObjectIdentifier) || !(algorithm instanceof Sequence)) return null;
  const [cipher, iv] = algorithm.valueBlock.value;
  if (!(cipher instanceof ObjectIdentifier) || cipher.getValue() !== aes256CbcOid || !(iv instanceof OctetString)) return null;
  return { version, recipients, iv: new Uint8Array(iv.getValue()), contentStart: at };
} // prettier-ignore

/** The key of the content: the library opens an envelope with the same recipients, and is asked which key it found. */
async function contentKey({ version, recipients, iv }: Head, key: PrivateKey): Promise<Result<CryptoKey>> {
  const der = (part: BaseBlock): BaseBlock => fromBER(part.toBER(false)).result;
  const content = new Sequence({
    value: [
      new ObjectIdentifier({ value: '1.2.840.113549.1.7.1' }),
      new Sequence({
        value: [new ObjectIdentifier({ value: aes256CbcOid }), new OctetString({ valueHex: iv.buffer })],
      }),
      primitive0(new Uint8Array(block)),
    ],
  });
  const message = new Sequence({ value: [der(version), der(recipients), content] });
  const bytes = new Uint8Array(new ContentInfo({ contentType: envelopedDataOid, content: message }).toSchema().toBER(false));
  let found: CryptoKey | undefined;
  const engine = new CryptoEngine({ name: 'webcrypto', crypto });
  const decrypt = engine.decrypt.bind(engine);
  engine.decrypt = async (algorithm, used, data) => {
    if ((algorithm as Algorithm).name !== 'AES-CBC') return decrypt(algorithm, used, data);
    found = used;
    return new ArrayBuffer(0);
  };
  const opened = await unseal(bytes, key, engine);
  if (!opened.ok) return opened;
  if (found === undefined) return bad;
  const raw = await crypto.subtle.exportKey('raw', found);
  return ok(await crypto.subtle.importKey('raw', raw, 'AES-CBC', false, ['encrypt', 'decrypt']));
} // prettier-ignore

/** [0] IMPLICIT OCTET STRING of one block, as DER. */
function primitive0(bytes: Uint8Array): BaseBlock {
  return fromBER(Uint8Array.from([0x80, bytes.byteLength, ...bytes])).result;
}

async function* decrypted(source: ByteSource, { iv, contentStart }: Head, key: CryptoKey): AsyncGenerator<Uint8Array> {
  let last: Uint8Array<ArrayBuffer> = iv;
  let waiting = new Uint8Array(0);
  let length = 0;
  for await (const piece of strings(source, contentStart)) {
    length += piece.byteLength;
    const joined = new Uint8Array(waiting.byteLength + piece.byteLength);
    joined.set(waiting);
    joined.set(piece, waiting.byteLength);
    // The last block has the padding: it waits for the end.
    const whole = Math.max(0, Math.floor((joined.byteLength - 1) / block) * block);
    if (whole > 0) {
      const sealed = joined.slice(0, whole);
      yield await withoutEnd(sealed, last, key);
      last = sealed.slice(-block);
    }
    waiting = joined.slice(whole);
  }
  if (length === 0 || length % block !== 0) throw new Error('the envelope is cut off');
  yield new Uint8Array(await crypto.subtle.decrypt({ name: 'AES-CBC', iv: last }, key, waiting));
}

/** Blocks from the middle: WebCrypto wants padding at the end of all that it decrypts, so a block of it is put there. */
async function withoutEnd(sealed: Uint8Array, iv: Uint8Array<ArrayBuffer>, key: CryptoKey): Promise<Uint8Array> {
  const end = await crypto.subtle.encrypt({ name: 'AES-CBC', iv: sealed.slice(-block) }, key, new Uint8Array(0));
  const padded = new Uint8Array(sealed.byteLength + block);
  padded.set(sealed);
  padded.set(new Uint8Array(end), sealed.byteLength);
  return new Uint8Array(await crypto.subtle.decrypt({ name: 'AES-CBC', iv }, key, padded));
}

/** What the strings of the encrypted content hold, in pieces. Throws when it is cut off. */
async function* strings(source: ByteSource, contentStart: number): AsyncGenerator<Uint8Array> {
  const header = async (at: number): Promise<Header> => {
    const found = headerAt(await source.read(at, Math.min(source.size, at + 8)), 0);
    if (found === null) throw new Error('the envelope is cut off');
    return { ...found, valueStart: at + found.valueStart };
  };
  const value = async function* (start: number, length: number): AsyncGenerator<Uint8Array> {
    if (start + length > source.size) throw new Error('the envelope is cut off');
    for (let at = start; at < start + length; at += pieceLength) {
      yield await source.read(at, Math.min(start + length, at + pieceLength));
    }
  };
  const outer = await header(contentStart);
  if (outer.tag === 0x80 && outer.length !== null) {
    yield* value(outer.valueStart, outer.length);
    return;
  }
  if (outer.tag !== 0xa0) throw new Error('the envelope has no content');
  const end = outer.length === null ? Infinity : outer.valueStart + outer.length;
  for (let at = outer.valueStart; at < end;) {
    const inner = await header(at);
    if (inner.tag === 0 && inner.length === 0 && outer.length === null) return;
    if (inner.tag !== 0x04 || inner.length === null) throw new Error('the content is no string');
    yield* value(inner.valueStart, inner.length);
    at = inner.valueStart + inner.length;
  }
}
