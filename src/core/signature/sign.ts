/** Signs a data set (PS3.15 C.2, Creator RSA Digital Signature Profile; PS3.3 C.12.1.1.3). */
import { hexToBytes, randomBytes } from '@noble/hashes/utils.js';
import { signDigest, type ImageSigner } from '../cms/rsa';
import type { NewElement } from '../deid/plan';
import { ByteWriter } from '../dicom/byte-writer';
import type { DicomElement } from '../dicom/data-set';
import { writeNewElement } from '../dicom/encode';
import { numberField, textField } from '../dicom/make-values';
import { encodings, EXPLICIT_LE, transferSyntax } from '../dicom/transfer-syntaxes';
import { fail, ok, type Result } from '../result';
import { digestOf } from './digests';
import { isSignable, macStream, type ReadableFile } from './mac-stream';
import { CERTIFICATE, CERTIFICATE_TYPE, DIGITAL_SIGNATURES, ELEMENTS_SIGNED, MAC_ALGORITHM, MAC_ID, MAC_PARAMETERS, MAC_TRANSFER_SYNTAX, SIGNATURE, SIGNATURE_TIME, SIGNATURE_UID, x509 } from './tags'; // prettier-ignore

/** A SHA-256 that is faster than ours, where there is one. */
export interface FastSha256 {
  update(bytes: Uint8Array): void;
  /** Hexadecimal. */
  hex(): string;
}

const algorithm = 'SHA256';
/** Tags that an attribute with a 16-bit length holds. */
const mostElements = 16_383;

/** What must not lie outside: the profile names them all, and Pixel Data is what it is about. */
const mustBeSigned: ReadonlySet<number> = new Set([
  0x00080016, 0x00080018, 0x0020000d, 0x0020000e, 0x7fe00008, 0x7fe00009, 0x7fe00010,
]); // prettier-ignore

/** The elements of a data set that a signature covers: all that can be signed, in the order of their tags. */
export const signedElements = (elements: readonly DicomElement[]): DicomElement[] =>
  elements.filter(isSignable).sort((a, b) => a.tag - b.tag);

/**
 * MAC Parameters Sequence and Digital Signatures Sequence for a data set: over every element of it that can be signed, which is more
 * than the profile asks for. Element values are in the byte order of the file. `not-signable`: an element that must be signed has no
 * known value representation, or there are too many.
 */
export async function signDataSet(
  source: ReadableFile,
  signer: ImageSigner,
  now: Date,
  fast?: FastSha256,
): Promise<Result<readonly NewElement[]>> {
  const { file } = source;
  const elements = signedElements(file.elements);
  const covered = new Set(elements.map((e) => e.tag));
  const missing = file.elements.find((e) => mustBeSigned.has(e.tag) && !covered.has(e.tag));
  if (missing !== undefined || elements.length > mostElements || covered.size < elements.length) {
    return fail('not-signable', 'An attribute that a signature must cover has no known form, or there are too many.');
  }
  const item = [
    { tag: MAC_ID, vr: 'US', value: numberField([0], 'US', file.encoding) },
    { tag: SIGNATURE_UID, vr: 'UI', value: textField(newUid(), 'UI') },
    { tag: SIGNATURE_TIME, vr: 'DT', value: textField(dateTime(now), 'DT') },
    { tag: CERTIFICATE_TYPE, vr: 'CS', value: textField(x509, 'CS') },
  ];
  const plain = digestOf(algorithm)?.digest;
  const take = (bytes: Uint8Array): void => (fast ?? plain)?.update(bytes);
  await macStream(source, elements, file.encoding, take);
  // The numbers of a new signature are zero: they look the same in both byte orders.
  const out = new ByteWriter(256);
  for (const element of item) writeNewElement(out, element, encodings.explicitLe);
  for (const part of out.finish()) if (part instanceof Uint8Array) take(part);
  const digest = fast === undefined ? plain?.digest() : hexToBytes(fast.hex());
  if (digest === undefined) throw new Error('no digest');
  const encapsulated = transferSyntax(file.transferSyntax)?.pixels === 'encapsulated';
  const parameters: NewElement[] = [
    { tag: MAC_ID, vr: 'US', value: numberField([0], 'US', file.encoding) },
    { tag: MAC_TRANSFER_SYNTAX, vr: 'UI', value: textField(encapsulated ? file.transferSyntax : EXPLICIT_LE, 'UI') },
    { tag: MAC_ALGORITHM, vr: 'CS', value: textField(algorithm, 'CS') },
    { tag: ELEMENTS_SIGNED, vr: 'AT', value: numberField(elements.map((e) => e.tag), 'AT', file.encoding) },
  ]; // prettier-ignore
  const signature: NewElement[] = [
    ...item,
    { tag: CERTIFICATE, vr: 'OB', value: signer.certificate },
    { tag: SIGNATURE, vr: 'OB', value: signDigest(digest, algorithm, signer.key) },
  ];
  return ok([
    { tag: MAC_PARAMETERS, vr: 'SQ', items: [parameters] },
    { tag: DIGITAL_SIGNATURES, vr: 'SQ', items: [signature] },
  ]);
}

/** A UID of a random number (PS3.5 B.2). */
function newUid(): string {
  let number = 0n;
  for (const byte of randomBytes(16)) number = (number << 8n) | BigInt(byte);
  return `2.25.${number}`;
}

/** A DT in UTC: a local time would tell where. */
const dateTime = (now: Date): string => `${now.toISOString().replace(/[-:TZ]/g, '')}000+0000`;
