/**
 * Detached CMS signatures (RFC 5652 SignedData): who signed some bytes, and that these are still those bytes. The signer's
 * certificate lies in the signature and is bound to it by its hash (RFC 5035), so that it can't be exchanged for another.
 */
import { Null, ObjectIdentifier, OctetString, Sequence, UTCTime, fromBER, type BaseBlock } from 'asn1js';
import {
  Attribute,
  type AlgorithmIdentifier,
  Certificate,
  ContentInfo,
  EncapsulatedContentInfo,
  IssuerAndSerialNumber,
  SignedAndUnsignedAttributes,
  SignedData,
  SignerInfo,
} from 'pkijs';
import { sha256 } from '@noble/hashes/sha2.js';
import { fail, ok, type Failure, type Result } from '../result';
import {
  derOf,
  isEcdsa,
  isStrictPair,
  readCertificate,
  sameBytes,
  signsItself,
  type CertificateFacts,
} from './certificates';
import { factsOf, type Signer } from './signing-key';

const signedDataOid = '1.2.840.113549.1.7.2';
const dataOid = '1.2.840.113549.1.7.1';
const contentType = '1.2.840.113549.1.9.3';
const messageDigest = '1.2.840.113549.1.9.4';
const signingTime = '1.2.840.113549.1.9.5';
const signingCertificateV2 = '1.2.840.113549.1.9.16.2.47';

/** Who signed, as the certificate in the signature says. Whether one trusts that is for people to say. */
export interface SignatureFacts extends CertificateFacts {
  /** ISO 8601; as the signer's clock had it. */
  readonly signed?: string;
}

/** What may stand beside SHA-256, 384 and 512: RSA under its own name or with the hash in it, ECDSA. */
const signatureAlgorithms: ReadonlyMap<string, readonly string[]> = new Map(
  [1, 2, 3].map((n) => [
    `2.16.840.1.101.3.4.2.${n}`,
    ['1.2.840.113549.1.1.1', `1.2.840.113549.1.1.${10 + n}`, `1.2.840.10045.4.3.${1 + n}`],
  ]),
);

const bad: Failure = fail(
  'bad-signature',
  'The signature does not fit: what was signed, or the signature, was changed.',
);

/** The signature over `content`, DER. */
export async function sign(
  content: Uint8Array<ArrayBuffer>,
  signer: Signer,
  now: Date,
): Promise<Uint8Array<ArrayBuffer>> {
  const certificate = Certificate.fromBER(signer.certificate);
  const attribute = (type: string, value: unknown): Attribute => new Attribute({ type, values: [value] });
  const certificateHash = new Sequence({
    value: [
      new Sequence({ value: [new Sequence({ value: [new OctetString({ valueHex: sha256(signer.certificate) })] })] }),
    ],
  });
  const signed = new SignedData({
    version: 1,
    encapContentInfo: new EncapsulatedContentInfo({ eContentType: dataOid }),
    signerInfos: [
      new SignerInfo({
        version: 1,
        sid: new IssuerAndSerialNumber({ issuer: certificate.issuer, serialNumber: certificate.serialNumber }),
        signedAttrs: new SignedAndUnsignedAttributes({
          type: 0,
          attributes: inDerOrder([
            attribute(contentType, new ObjectIdentifier({ value: dataOid })),
            attribute(signingTime, new UTCTime({ valueDate: now })),
            attribute(messageDigest, new OctetString({ valueHex: sha256(content) })),
            attribute(signingCertificateV2, certificateHash),
          ]),
        }),
      }),
    ],
    certificates: [certificate],
  });
  await signed.sign(signer.key, 0, 'SHA-256');
  const info = new ContentInfo({ contentType: signedDataOid, content: signed.toSchema(true) });
  return new Uint8Array(info.toSchema().toBER(false));
}

/** A SET OF is ordered by the encoding of its members (X.690 11.6). */
function inDerOrder(attributes: readonly Attribute[]): Attribute[] {
  const hex = (a: Attribute): string =>
    Array.from(new Uint8Array(a.toSchema().toBER(false)), (b) => b.toString(16).padStart(2, '0')).join('');
  return [...attributes].sort((a, b) => (hex(a) < hex(b) ? -1 : 1));
}

/** Who signed `content`; `bad-signature` when nobody did, or either was changed. */
export async function checkSignature(
  content: Uint8Array<ArrayBuffer>,
  signature: Uint8Array<ArrayBuffer>,
): Promise<Result<SignatureFacts>> {
  try {
    return await check(content, signature);
  } catch {
    return bad;
  }
}

async function check(
  content: Uint8Array<ArrayBuffer>,
  signature: Uint8Array<ArrayBuffer>,
): Promise<Result<SignatureFacts>> {
  const { offset, result } = fromBER(signature);
  // Nothing behind it, and nothing in it that another writing would not have.
  if (offset !== signature.byteLength || !sameBytes(new Uint8Array(result.toBER(false)), signature)) return bad;
  const info = ContentInfo.fromBER(signature);
  if (info.contentType !== signedDataOid) return bad;
  const signed = new SignedData({ schema: info.content as unknown });
  const [signer, ...others] = signed.signerInfos;
  if (signer === undefined || others.length > 0 || !isPlain(signed, signer)) return bad;
  const found = certificateOf(signed, signer);
  if (found === null) return bad;
  const attributes = new Map(signer.signedAttrs?.attributes.map((a) => [a.type, a.values[0] as BaseBlock]));
  const type = attributes.get(contentType);
  const digest = attributes.get(messageDigest);
  if (!(type instanceof ObjectIdentifier) || type.getValue() !== dataOid || !(digest instanceof OctetString))
    return bad;
  if (!isBoundTo(found.bytes, attributes.get(signingCertificateV2))) return bad;
  const value = new Uint8Array(signer.signature.getValue());
  if (isEcdsa(signer.signatureAlgorithm) && !isStrictPair(value)) return bad;
  if (!(await signed.verify({ signer: 0, data: content.slice().buffer, checkChain: false }))) return bad;
  if (!(await signsItself(found.certificate))) return bad;
  const known = readCertificate(found.bytes);
  if (!known.ok) return known;
  const time = attributes.get(signingTime);
  const when = time instanceof UTCTime ? time.toDate().toISOString() : undefined;
  return ok({ ...factsOf(known.value), ...(when !== undefined && { signed: when }) });
}

/** Only what a signature over outside content needs: no lists of revoked certificates, no unsigned attributes. */
function isPlain(signed: SignedData, signer: SignerInfo): boolean {
  const digest = signer.digestAlgorithm.algorithmId;
  return (
    signed.version === 1 &&
    signer.version === 1 &&
    signed.encapContentInfo.eContentType === dataOid &&
    signed.encapContentInfo.eContent === undefined &&
    signed.crls === undefined &&
    signer.unsignedAttrs === undefined &&
    signer.signedAttrs !== undefined &&
    signed.digestAlgorithms.length === 1 &&
    signed.digestAlgorithms[0]?.algorithmId === digest &&
    [...signed.digestAlgorithms, signer.digestAlgorithm, signer.signatureAlgorithm].every(hasNoParameters) &&
    signatureAlgorithms.get(digest)?.includes(signer.signatureAlgorithm.algorithmId) === true
  );
}

/** Absent, or NULL: parameters of these algorithms say nothing, so nothing may hide there. */
const hasNoParameters = ({ algorithmParams }: AlgorithmIdentifier): boolean =>
  algorithmParams === undefined || algorithmParams instanceof Null;

interface Found {
  readonly certificate: Certificate;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

/** The one certificate, which must be the signer's. */
function certificateOf({ certificates }: SignedData, { sid }: SignerInfo): Found | null {
  const [certificate, ...more] = certificates ?? [];
  if (!(certificate instanceof Certificate) || more.length > 0 || !(sid instanceof IssuerAndSerialNumber)) return null;
  const { issuer, serialNumber } = certificate;
  // To the byte: the library's own comparison forgives how a name is written.
  if (!sameBytes(derOf(issuer), derOf(sid.issuer)) || !serialNumber.isEqual(sid.serialNumber)) return null;
  return { certificate, bytes: new Uint8Array(certificate.toSchema().toBER(false)) };
}

/** Whether the signed attribute names this certificate; signatures of others may have none, and then only the key binds them. */
function isBoundTo(certificate: Uint8Array, attribute: BaseBlock | undefined): boolean {
  if (attribute === undefined) return true;
  const hash = sha256(certificate);
  const text = (bytes: Uint8Array): string => bytes.join();
  // SigningCertificateV2 → certs → first ESSCertIDv2 → certHash
  const first = child(child(child(attribute, 0), 0), 0);
  return first instanceof OctetString && text(new Uint8Array(first.getValue())) === text(hash);
}

function child(block: BaseBlock | undefined, index: number): BaseBlock | undefined {
  const { value } = (block?.valueBlock ?? {}) as { readonly value?: readonly BaseBlock[] };
  return value?.[index];
}
