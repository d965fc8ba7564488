/** SHA-256 of inputs and outputs, in pieces: a file of any size costs the same memory. */
import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex } from '@noble/hashes/utils.js';
import { partsLength, type ByteSource, type Part } from '../bytes';
import { pieces } from '../export/pieces';

export interface Hash {
  update(bytes: Uint8Array): void;
  /** Lower-case hexadecimal. */
  hex(): string;
}

/** Makes a SHA-256. The command line passes Node's native one; the default is in plain code. */
export type HashFactory = () => Hash;

export const plainHash: HashFactory = () => {
  const hash = sha256.create();
  return { update: (bytes) => void hash.update(bytes), hex: () => bytesToHex(hash.digest()) };
};

/** Up to this length one call of WebCrypto is several times faster than plain code and costs little memory. */
const wholeLength = 64 * 1024 * 1024;

export async function hashSource(source: ByteSource, factory?: HashFactory): Promise<string> {
  return hashParts([{ start: 0, end: source.size }], source, factory);
}

/** Hash of an output: `parts` in order, ranges read from `source`. Rejects when the source fails. */
export async function hashParts(parts: readonly Part[], source: ByteSource, factory?: HashFactory): Promise<string> {
  const length = partsLength(parts);
  if (factory === undefined && length <= wholeLength && hasWebCrypto()) {
    const whole = new Uint8Array(length);
    let at = 0;
    for await (const piece of pieces(parts, source)) {
      whole.set(piece, at);
      at += piece.byteLength;
    }
    return bytesToHex(new Uint8Array(await crypto.subtle.digest('SHA-256', whole)));
  }
  const hash = (factory ?? plainHash)();
  for await (const piece of pieces(parts, source, { reuse: true })) hash.update(piece);
  return hash.hex();
}

/** WebCrypto is missing on pages served without TLS from another machine. */
function hasWebCrypto(): boolean {
  return 'crypto' in globalThis && (crypto.subtle as SubtleCrypto | undefined) !== undefined;
}
