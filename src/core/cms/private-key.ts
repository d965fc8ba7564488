/** Private keys as people have them: PEM of PKCS #8, encrypted or not, PKCS #1 (RSA) and SEC 1 (curves). */
import { Integer, Null, ObjectIdentifier, OctetString, Sequence, fromBER, type BaseBlock } from 'asn1js';
import { PKCS8ShroudedKeyBag, PrivateKeyInfo } from 'pkijs';
import { fail, ok, type Result } from '../result';
import { curves, oidOf } from './certificates';
import { pemBlocks } from './pem';

const rsaEncryption = '1.2.840.113549.1.1.1';
const ecPublicKey = '1.2.840.10045.2.1';

/** Bytes of PKCS #8, and what kind of key they are. Memory only. */
export interface PrivateKey {
  readonly kind: 'rsa' | 'ec';
  readonly curve?: 'P-256' | 'P-384' | 'P-521';
  readonly pkcs8: Uint8Array<ArrayBuffer>;
}

/** Whether a text holds a key that a passphrase protects. */
export const needsPassphrase = (text: string): boolean =>
  pemBlocks(text).some((b) => b.label === 'ENCRYPTED PRIVATE KEY');

/**
 * The first private key of a text. `bad-key`: there is none, or it is of a kind that Lethe does not know; `wrong-passphrase`: it is
 * encrypted, and the passphrase is missing or another one.
 */
export async function readPrivateKey(text: string, passphrase?: string): Promise<Result<PrivateKey>> {
  const block = pemBlocks(text).find((b) => b.label.endsWith('PRIVATE KEY'));
  if (block === undefined) return fail('bad-key', 'There is no private key (PEM) in it.');
  if (block.hasHeaders) {
    return fail('bad-key', 'The key is encrypted in an old way. Convert it first: openssl pkcs8 -topk8 -in KEY -out NEW.');
  }
  try {
    switch (block.label) {
      case 'PRIVATE KEY':
        return known(block.bytes);
      case 'ENCRYPTED PRIVATE KEY':
        return await decrypted(block.bytes, passphrase);
      case 'RSA PRIVATE KEY':
        return known(wrapped(rsaEncryption, new Null(), block.bytes));
      case 'EC PRIVATE KEY':
        return known(wrapped(ecPublicKey, new ObjectIdentifier({ value: sec1Curve(block.bytes) }), block.bytes));
    }
  } catch {
    return fail('bad-key', 'The private key can not be read: it is damaged.');
  }
  return fail('bad-key', 'The private key is of a kind that Lethe does not know.');
} // prettier-ignore

async function decrypted(bytes: Uint8Array<ArrayBuffer>, passphrase: string | undefined): Promise<Result<PrivateKey>> {
  const wrong = fail('wrong-passphrase', 'The passphrase of the key is missing or wrong.');
  const bag = PKCS8ShroudedKeyBag.fromBER(bytes);
  if (passphrase === undefined || passphrase === '') return wrong;
  const password = new TextEncoder().encode(passphrase);
  try {
    // The method is protected in the types alone; it is the one that the documentation names.
    await (bag as unknown as Openable).parseInternalValues({ password: password.buffer });
  } catch {
    return wrong;
  }
  if (bag.parsedValue === undefined) return wrong;
  return known(new Uint8Array(bag.parsedValue.toSchema().toBER(false)));
}

interface Openable {
  parseInternalValues(parameters: { readonly password: ArrayBuffer }): Promise<void>;
}

function known(pkcs8: Uint8Array<ArrayBuffer>): Result<PrivateKey> {
  const { privateKeyAlgorithm } = PrivateKeyInfo.fromBER(pkcs8);
  if (privateKeyAlgorithm.algorithmId === rsaEncryption) return ok({ kind: 'rsa', pkcs8 });
  const curve = curves[oidOf(privateKeyAlgorithm.algorithmParams)];
  if (privateKeyAlgorithm.algorithmId === ecPublicKey && curve !== undefined) return ok({ kind: 'ec', curve, pkcs8 });
  return fail('bad-key', 'The private key is of a kind that Lethe does not know: RSA or a NIST curve is needed.');
}

/** PKCS #8 around an older form (RFC 5208). */
function wrapped(algorithm: string, parameters: Null | ObjectIdentifier, key: Uint8Array): Uint8Array<ArrayBuffer> {
  const info = new Sequence({
    value: [
      new Integer({ value: 0 }),
      new Sequence({ value: [new ObjectIdentifier({ value: algorithm }), parameters] }),
      new OctetString({ valueHex: key }),
    ],
  });
  return new Uint8Array(info.toBER(false));
}

/** The curve that an EC PRIVATE KEY (RFC 5915) names in its [0]. */
function sec1Curve(bytes: Uint8Array<ArrayBuffer>): string {
  const { result } = fromBER(bytes);
  const tagged = childrenOf(result).find((part) => part.idBlock.tagClass === 3 && part.idBlock.tagNumber === 0);
  return tagged === undefined ? '' : oidOf(childrenOf(tagged)[0]);
}

function childrenOf(block: BaseBlock): readonly BaseBlock[] {
  const { value } = block.valueBlock as { readonly value?: readonly BaseBlock[] };
  return value ?? [];
}
