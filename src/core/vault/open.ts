/** Opens the vault of a de-identified file with a private key (PS3.15 E.1.2) and makes the file what it was. */
import { sha256 } from '@noble/hashes/sha2.js';
import { withoutPadding } from '../cms/der';
import { unseal } from '../cms/envelope';
import type { PrivateKey } from '../cms/private-key';
import type { Part } from '../bytes';
import type { Edit, NewElement } from '../deid/plan';
import { fileMeta } from '../deid/file-meta';
import { oneBuffer } from '../dicom/byte-list';
import { ByteWriter } from '../dicom/byte-writer';
import { findElement, type DicomElement, type DicomFile } from '../dicom/data-set';
import { parseDicomBytes } from '../dicom/parse';
import { encodings } from '../dicom/transfer-syntaxes';
import { stringValue, uidValue } from '../dicom/values';
import { writeDicom } from '../dicom/write';
import { writeFileHead } from '../dicom/write-head';
import { fail, ok, type Failure, type Result } from '../result';
import { newElementOf } from './contents';
import { ENCRYPTED_ATTRIBUTES, ENCRYPTED_CONTENT, explicitLittleEndian, HASH, HASH_CREATOR, hashCreator, MODIFIED_ATTRIBUTES } from './tags'; // prettier-ignore

/** The decrypted data set, and the originals in it. Identity: memory only. */
export interface OpenedVault {
  readonly file: DicomFile;
  readonly originals: readonly DicomElement[];
}

/** What people are shown of an opened vault. */
export interface VaultFacts {
  readonly name: string;
  readonly patientId: string;
  readonly birthDate: string;
  readonly accession: string;
  readonly studyDate: string;
}

const damaged: Failure = fail('bad-envelope', 'The encrypted originals are damaged, or no DICOM attributes.');

/** `no-vault`, `wrong-key`, `bad-envelope`. */
export async function openVault(file: DicomFile, key: PrivateKey): Promise<Result<OpenedVault>> {
  const vault = findElement(file.elements, ENCRYPTED_ATTRIBUTES);
  if (vault?.items === undefined || vault.items.length === 0) {
    return fail('no-vault', 'The file holds no encrypted originals.');
  }
  let failure: Failure = damaged;
  for (const item of vault.items) {
    const content = findElement(item.elements, ENCRYPTED_CONTENT);
    if (content === undefined) continue;
    const bytes = withoutPadding(file.bytes(content.valueStart, content.valueEnd));
    const opened = await unseal(bytes, key);
    if (!opened.ok) {
      failure = opened;
      continue;
    }
    return readVault(opened.value);
  }
  return failure;
}

function readVault(dataSet: Uint8Array): Result<OpenedVault> {
  const out = new ByteWriter(dataSet.byteLength + 256);
  writeFileHead(out, [], explicitLittleEndian);
  out.bytes(dataSet);
  const parsed = parseDicomBytes(oneBuffer(out.finish()));
  if (!parsed.ok) return damaged;
  const file = parsed.value;
  const modified = findElement(file.elements, MODIFIED_ATTRIBUTES);
  const originals = modified?.items?.[0]?.elements;
  if (modified === undefined || originals === undefined) return damaged;
  // Vaults that Lethe made bring a hash along; the encryption itself would not notice a change.
  const creator = stringValue(file, findElement(file.elements, HASH_CREATOR));
  if (creator === hashCreator) {
    const stored = findElement(file.elements, HASH);
    if (stored === undefined) return damaged;
    const wanted = file.bytes(stored.valueStart, stored.valueEnd);
    const found = sha256(file.bytes(modified.start, modified.end));
    if (!found.every((byte, i) => byte === wanted[i])) return damaged;
  }
  return ok({ file, originals });
}

export function vaultFacts({ file, originals }: OpenedVault): VaultFacts {
  const text = (tag: number): string => stringValue(file, findElement(originals, tag));
  return {
    name: text(0x00100010),
    patientId: text(0x00100020),
    birthDate: text(0x00100030),
    accession: text(0x00080050),
    studyDate: text(0x00080020),
  };
}

/** What Lethe wrote to say that the identity is gone; the vault itself; signatures over the file as it was. */
const goes: ReadonlySet<number> = new Set([
  0x00120062, 0x00120063, 0x00120064, 0x00280303, ENCRYPTED_ATTRIBUTES, 0x4ffe0001, 0xfffafffa,
]); // prettier-ignore

/** The file with its originals in their places. Regions that were redacted stay redacted. */
export function restored(file: DicomFile, vault: OpenedVault): Part[] {
  const back = new Set(vault.originals.map((e) => e.tag));
  const edits = file.elements.map((e): Edit => (back.has(e.tag) || goes.has(e.tag) ? { kind: 'remove' } : { kind: 'keep' }));
  const insert: NewElement[] = vault.originals.map((e) => newElementOf(vault.file, e, encodings.explicitLe, file.encoding));
  insert.sort((a, b) => a.tag - b.tag);
  const original = (tag: number): string => {
    const own = findElement(vault.originals, tag);
    return own === undefined ? uidValue(file, findElement(file.elements, tag)) : uidValue(vault.file, own);
  };
  return writeDicom(file, { dataSet: { edits, insert }, meta: fileMeta(file, original(0x00080016), original(0x00080018)) });
} // prettier-ignore
