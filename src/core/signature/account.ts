/** What the signatures of many files say together: by whom, and which files stand out. */
import type { ByteSource } from '../bytes';
import type { Tag } from '../dicom/data-set';
import { looksLikeDicom, parseDicom } from '../dicom/parse';
import { ok, type ErrorCode, type Result } from '../result';
import { checkSignatures, type InstanceSignature } from './check';

/** Of one file: its signatures; null: it is no DICOM file. Errors are those of parsing. */
export type FileSignatures = Result<readonly Result<InstanceSignature>[] | null>;

/** Of larger files pixel data is read in pieces. */
const wholeFileBytes = 64 * 1024;
const headLength = 132;

/** Looks for signatures in a file and judges them. Rejects when reading fails. */
export async function signaturesOf(source: ByteSource): Promise<FileSignatures> {
  if (!looksLikeDicom(await source.read(0, headLength))) return ok(null);
  const file = await parseDicom(source, { wholeFileBytes });
  if (!file.ok) return file;
  return ok(await checkSignatures({ file: file.value, read: (start, end) => source.read(start, end) }));
}

export interface SignerAccount {
  readonly name: string;
  readonly fingerprint: string;
  readonly files: number;
  /** ISO 8601; '' when no signature says it. */
  readonly from: string;
  readonly until: string;
}

export interface SignatureAccount {
  /** DICOM files that were looked at. */
  readonly files: number;
  /** Those of files whose signatures all fit, the one with the most files first. */
  readonly signers: readonly SignerAccount[];
  /** Files whose signature does not fit, can't be checked, or that can't be read. */
  readonly problems: readonly { readonly path: string; readonly code: ErrorCode }[];
  readonly unsigned: readonly string[];
  /** Files with a signature that fits, and attributes that it does not cover. */
  readonly partial: readonly { readonly path: string; readonly uncovered: readonly Tag[] }[];
  /** Files with a signature that fits, made in an outdated way. */
  readonly outdated: readonly string[];
}

export class SignatureBook {
  private files = 0;
  private readonly signers = new Map<string, { -readonly [K in keyof SignerAccount]: SignerAccount[K] }>();
  private readonly problems: { readonly path: string; readonly code: ErrorCode }[] = [];
  private readonly unsigned: string[] = [];
  private readonly partial: { readonly path: string; readonly uncovered: readonly Tag[] }[] = [];
  private readonly outdated: string[] = [];

  add(path: string, found: FileSignatures): void {
    if (found.ok && found.value === null) return;
    this.files++;
    if (!found.ok) {
      this.problems.push({ path, code: found.code });
      return;
    }
    const results = found.value ?? [];
    const bad = results.flatMap((result) => (result.ok ? [] : [result.code]))[0];
    if (bad !== undefined) this.problems.push({ path, code: bad });
    else if (results.length === 0) this.unsigned.push(path);
    else for (const result of results) if (result.ok) this.note(path, result.value);
  }

  private note(path: string, { name, fingerprint, signed = '', uncovered, outdated }: InstanceSignature): void {
    const known = this.signers.get(fingerprint);
    if (known === undefined)
      this.signers.set(fingerprint, { name, fingerprint, files: 1, from: signed, until: signed });
    else {
      known.files++;
      if (signed !== '' && (known.from === '' || signed < known.from)) known.from = signed;
      if (signed > known.until) known.until = signed;
    }
    if (uncovered.length > 0) this.partial.push({ path, uncovered });
    if (outdated) this.outdated.push(path);
  }

  get account(): SignatureAccount {
    const { files, problems, unsigned, partial, outdated } = this;
    const signers = [...this.signers.values()].sort((a, b) => b.files - a.files);
    return { files, signers, problems, unsigned, partial, outdated };
  }
}
