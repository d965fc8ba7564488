/** Judges the digital signatures of a data set, whoever made them (PS3.3 C.12.1.1.3, RSA signatures of PS3.15 C.1). */
import { readCertificate, signsItself, type CertificateFacts } from '../cms/certificates';
import { withoutPadding } from '../cms/der';
import { isSignatureOf, rsaPublicKey } from '../cms/rsa';
import { factsOf } from '../cms/signing-key';
import {
  findElement,
  type DicomElement,
  type DicomFile,
  type DicomItem,
  type Encoding,
  type Tag,
} from '../dicom/data-set';
import { EXPLICIT_LE, transferSyntax } from '../dicom/transfer-syntaxes';
import { numberValues, stringValue, uidValue } from '../dicom/values';
import { fail, ok, type Failure, type Result } from '../result';
import { digestOf, outdated, type Digest } from './digests';
import { isSignable, macStream, type ReadableFile } from './mac-stream';
import { CERTIFICATE, CERTIFICATE_TYPE, DIGITAL_SIGNATURES, ELEMENTS_SIGNED, MAC_ALGORITHM, MAC_ID, MAC_PARAMETERS, MAC_TRANSFER_SYNTAX, outsideOfSignature, SIGNATURE, SIGNATURE_TIME, x509 } from './tags'; // prettier-ignore

export { isSignable } from './mac-stream';

/** What a signature that fits says. Whether one trusts its certificate is for people to say. */
export interface InstanceSignature extends CertificateFacts {
  /** ISO 8601 where it can be read; as the signer's clock had it. */
  readonly signed?: string;
  /** 'SHA256'… */
  readonly algorithm: string;
  /** MD5, SHA-1 or RIPEMD-160: shows little today. */
  readonly outdated: boolean;
  /** Attributes beside it that it does not cover: anybody may have changed or added them. */
  readonly uncovered: readonly Tag[];
}

const bad: Failure = fail(
  'bad-signature',
  'The signature does not fit: what was signed, or the signature, was changed.',
);
const unknown: Failure = fail('unknown-signature', 'The signature is of a kind that Lethe can not check.');

/** Of each signature of a file, those inside of sequences too, whether it fits. Empty: it has none. Rejects when reading fails. */
export async function checkSignatures(source: ReadableFile): Promise<readonly Result<InstanceSignature>[]> {
  const results: Result<InstanceSignature>[] = [];
  for (const { elements, encoding } of signedDataSets(source.file.elements, source.file.encoding)) {
    const signatures = itemsOf(elements, DIGITAL_SIGNATURES);
    if (signatures.length === 0) results.push(bad);
    for (const signature of signatures) results.push(await checkOne(source, elements, encoding, signature));
  }
  return results;
}

/** Items of a sequence that says it is one: no signature covers these two, so that another VR would be a change that nobody saw. */
function itemsOf(elements: readonly DicomElement[], tag: Tag): readonly DicomItem[] {
  const element = findElement(elements, tag);
  return element?.vr === 'SQ' ? (element.items ?? []) : [];
}

interface SignedDataSet {
  readonly elements: readonly DicomElement[];
  readonly encoding: Encoding;
}

function* signedDataSets(elements: readonly DicomElement[], encoding: Encoding): Generator<SignedDataSet> {
  if (elements.some((e) => e.tag === DIGITAL_SIGNATURES)) yield { elements, encoding };
  for (const { tag, items = [] } of elements) {
    if (tag === DIGITAL_SIGNATURES || tag === MAC_PARAMETERS) continue;
    for (const item of items) yield* signedDataSets(item.elements, item.encoding);
  }
}

async function checkOne(
  source: ReadableFile,
  elements: readonly DicomElement[],
  encoding: Encoding,
  item: DicomItem,
): Promise<Result<InstanceSignature>> {
  const { file } = source;
  const parameters = parametersOf(file, elements, item);
  const value = (tag: Tag): Uint8Array | null => {
    const element = findElement(item.elements, tag);
    return element === undefined ? null : file.bytes(element.valueStart, element.valueEnd);
  };
  const [der, signature] = [value(CERTIFICATE), value(SIGNATURE)];
  if (parameters === null || der === null || signature === null) return bad;
  if (stringValue(file, findElement(item.elements, CERTIFICATE_TYPE)) !== x509) return unknown;
  if (!hasForm(parameters, parametersForm) || !hasForm(item, signatureForm)) return bad;
  const syntax = uidValue(file, findElement(parameters.elements, MAC_TRANSFER_SYNTAX));
  const { explicit, littleEndian } = transferSyntax(syntax)?.encoding ?? { explicit: false, littleEndian: false };
  if (!explicit || !littleEndian || (syntax !== EXPLICIT_LE && syntax !== file.transferSyntax)) return unknown;
  const mac = digestOf(stringValue(file, findElement(parameters.elements, MAC_ALGORITHM)));
  if (mac === null) return unknown;
  const covered = coveredBy(file, elements, parameters);
  if (covered === null) return bad;
  if (!covered.every(isSignable)) return unknown;
  const exactDer = withoutPadding(der);
  const behind = der.subarray(exactDer.byteLength);
  if (behind.byteLength > 1 || behind.some((byte) => byte !== 0)) return bad;
  const certificate = readCertificate(exactDer);
  if (!certificate.ok) return certificate;
  const key = rsaPublicKey(certificate.value.certificate);
  if (key === null) return unknown;
  if (!(await signsItself(certificate.value.certificate))) return bad;
  await digestInto(mac.digest, source, covered, encoding, item);
  // A signature as long as the key: of an odd length it has a zero behind it.
  const length = Math.ceil(key.modulus.toString(16).length / 2);
  const padded = signature.byteLength === length + 1 && signature.at(-1) === 0;
  const exact = padded ? signature.subarray(0, length) : signature;
  if (!isSignatureOf(exact, mac.digest.digest(), mac.name, key)) return bad;
  const tags = new Set(covered.map((e) => e.tag));
  const signed = isoOf(stringValue(file, findElement(item.elements, SIGNATURE_TIME)));
  return ok({
    ...factsOf(certificate.value),
    ...(signed !== null && { signed }),
    algorithm: mac.name,
    outdated: outdated.has(mac.name),
    uncovered: elements.map((e) => e.tag).filter((tag) => !tags.has(tag) && isContent(tag)),
  });
}

/** What no signature covers of what belongs to it must at least be what it should be. */
const hasForm = ({ elements }: DicomItem, form: ReadonlyMap<Tag, string>): boolean =>
  elements.every(({ tag, vr }) => (form.get(tag) ?? vr) === vr);

const parametersForm: ReadonlyMap<Tag, string> = new Map([[MAC_ID, 'US'], [MAC_TRANSFER_SYNTAX, 'UI'], [MAC_ALGORITHM, 'CS'], [ELEMENTS_SIGNED, 'AT']]); // prettier-ignore
const signatureForm: ReadonlyMap<Tag, string> = new Map([
  [CERTIFICATE, 'OB'],
  [SIGNATURE, 'OB'],
]);

/** Whether a tag is one that somebody could hide something behind; signatures cover others of their kind as they like. */
const isContent = (tag: Tag): boolean =>
  tag !== DIGITAL_SIGNATURES && tag !== MAC_PARAMETERS && tag !== 0xfffcfffc && (tag & 0xffff) !== 0;

/** The item of the MAC Parameters Sequence that has the number of a signature; null: there is none, or there are two. */
function parametersOf(file: DicomFile, elements: readonly DicomElement[], signature: DicomItem): DicomItem | null {
  const number = (item: DicomItem): number | undefined => {
    const element = findElement(item.elements, MAC_ID);
    return element === undefined ? undefined : numberValues(file, element, item.encoding)[0];
  };
  const wanted = number(signature);
  const found = itemsOf(elements, MAC_PARAMETERS).filter((item) => number(item) === wanted);
  return wanted === undefined || found.length !== 1 ? null : (found[0] ?? null);
}

/**
 * The elements that a signature says it covers, in the order of their tags; null when one is not there, or is there twice. What was
 * taken away is a change like any other.
 */
function coveredBy(file: DicomFile, elements: readonly DicomElement[], parameters: DicomItem): DicomElement[] | null {
  const list = findElement(parameters.elements, ELEMENTS_SIGNED);
  if (list === undefined) return null;
  const bytes = file.bytes(list.valueStart, list.valueEnd);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const little = parameters.encoding.littleEndian;
  const wanted = new Set<Tag>();
  for (let at = 0; at + 4 <= bytes.byteLength; at += 4) {
    wanted.add(((view.getUint16(at, little) << 16) | view.getUint16(at + 2, little)) >>> 0);
  }
  const covered = elements.filter((e) => wanted.has(e.tag));
  if (wanted.size === 0 || covered.length !== wanted.size) return null;
  return covered.sort((a, b) => a.tag - b.tag);
}

async function digestInto(
  digest: Digest,
  source: ReadableFile,
  covered: readonly DicomElement[],
  encoding: Encoding,
  item: DicomItem,
): Promise<void> {
  const take = (bytes: Uint8Array): void => digest.update(bytes);
  await macStream(source, covered, encoding, take);
  const own = item.elements.filter((e) => !outsideOfSignature.has(e.tag) && isSignable(e));
  await macStream(source, own, item.encoding, take);
}

/** null: it is none, or only part of one. */
function isoOf(dateTime: string): string | null {
  const parts = /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(?:\.(\d{1,6}))?(?:([+-]\d\d)(\d\d))?$/.exec(dateTime.trim());
  if (parts === null) return null;
  const [, year, month, day, hour, minute, second, fraction = '0', zone = '+00', minutes = '00'] = parts;
  const time = new Date(
    `${year}-${month}-${day}T${hour}:${minute}:${second}.${fraction.padEnd(3, '0').slice(0, 3)}${zone}:${minutes}`,
  );
  return Number.isNaN(time.getTime()) ? null : time.toISOString();
}
