/**
 * CMS EnvelopedData of any length: the head names the recipients, then the content goes through in pieces, nothing is held. Lengths
 * are indefinite (BER), as OpenSSL writes them with -stream. WebCrypto has no streamed CBC, but its result for a piece ends with
 * the block that the next piece begins from.
 */
import { ObjectIdentifier, OctetString, Sequence, type BaseBlock } from 'asn1js';
import { CryptoEngine } from 'pkijs';
import type { KnownCertificate } from './certificates';
import { addressed, aes256, aes256CbcOid, envelopedDataOid } from './envelope';

const dataOid = '1.2.840.113549.1.7.1';
const block = 16;
/** Encrypted at a time. */
const pieceLength = 256 * 1024;

/** SEQUENCE and [0], constructed, of indefinite length; and what ends them. */
const sequence = [0x30, 0x80];
const explicit0 = [0xa0, 0x80];
const end = [0, 0];

/** A stream that turns content into an envelope for the recipients. */
export async function envelopeStream(
  recipients: readonly KnownCertificate[],
): Promise<TransformStream<Uint8Array, Uint8Array>> {
  const { key, head } = await openEnvelope(recipients);
  let iv = crypto.getRandomValues(new Uint8Array(block));
  let waiting = new Uint8Array(pieceLength);
  let filled = 0;

  const encrypted = async (content: Uint8Array<ArrayBuffer>, last: boolean): Promise<Uint8Array> => {
    const sealed = new Uint8Array(await crypto.subtle.encrypt({ name: 'AES-CBC', iv }, key, content));
    // WebCrypto always pads; but for the last piece the padding is none of ours.
    const kept = last ? sealed : sealed.subarray(0, content.byteLength);
    iv = kept.slice(-block);
    return octetString(kept);
  };

  return new TransformStream<Uint8Array, Uint8Array>({
    start: (controller) => {
      controller.enqueue(head(iv));
    },
    transform: async (piece, controller) => {
      for (let at = 0; at < piece.byteLength;) {
        const length = Math.min(pieceLength - filled, piece.byteLength - at);
        waiting.set(piece.subarray(at, at + length), filled);
        filled += length;
        at += length;
        if (filled < pieceLength) continue;
        controller.enqueue(await encrypted(waiting, false));
        waiting = new Uint8Array(pieceLength);
        filled = 0;
      }
    },
    flush: async (controller) => {
      controller.enqueue(await encrypted(waiting.slice(0, filled), true));
      // encryptedContent, EncryptedContentInfo, EnvelopedData, [0], ContentInfo
      controller.enqueue(Uint8Array.from([...end, ...end, ...end, ...end, ...end]));
    },
  });
}

interface OpenedEnvelope {
  readonly key: CryptoKey;
  /** All that stands before the content, for its initialisation vector. */
  readonly head: (iv: Uint8Array<ArrayBuffer>) => Uint8Array;
}

/** Lets the library encrypt nothing for the recipients, and keeps the key that it made for it. */
async function openEnvelope(recipients: readonly KnownCertificate[]): Promise<OpenedEnvelope> {
  const engine = new CryptoEngine({ name: 'webcrypto', crypto });
  const generate = engine.generateKey.bind(engine) as Generate;
  let key: CryptoKey | undefined;
  const capture: Generate = async (algorithm, extractable, usages) => {
    const made = await generate(algorithm, extractable, usages);
    if (!('privateKey' in made) && made.algorithm.name === aes256.name) key = made;
    return made;
  };
  engine.generateKey = capture as typeof engine.generateKey;
  const message = addressed(recipients);
  await message.encrypt(aes256, new ArrayBuffer(0), engine);
  if (key === undefined) throw new Error('the library made no key');
  const { value } = message.toSchema().valueBlock as { readonly value: readonly BaseBlock[] };
  // version and recipientInfos; the encrypted nothing is left out.
  const [version, recipientInfos] = value;
  if (version === undefined || recipientInfos === undefined) throw new Error('the library made no recipients');
  const parts = [version, recipientInfos].flatMap((part) => [...new Uint8Array(part.toBER(false))]);
  return {
    key,
    head: (iv) => {
      const algorithm = new Sequence({
        value: [new ObjectIdentifier({ value: aes256CbcOid }), new OctetString({ valueHex: iv.slice().buffer })],
      });
      const der = (part: BaseBlock): number[] => [...new Uint8Array(part.toBER(false))];
      const content = [...sequence, ...der(new ObjectIdentifier({ value: dataOid })), ...der(algorithm), ...explicit0];
      const outer = [...sequence, ...der(new ObjectIdentifier({ value: envelopedDataOid })), ...explicit0];
      return Uint8Array.from([...outer, ...sequence, ...parts, ...content]);
    },
  };
}

type Generate = (
  algorithm: Algorithm,
  extractable: boolean,
  usages: readonly KeyUsage[],
) => Promise<CryptoKey | CryptoKeyPair>;

function octetString(bytes: Uint8Array): Uint8Array {
  const { byteLength } = bytes;
  const out = new Uint8Array(6 + byteLength);
  out.set([0x04, 0x84, byteLength >>> 24, (byteLength >>> 16) & 0xff, (byteLength >>> 8) & 0xff, byteLength & 0xff]);
  out.set(bytes, 6);
  return out;
}
