/** Checks a folder or archive against the record that came with it, without network, key or inputs. */
import type { FileInput } from '../../client/types';
import { checkAccess, checkFiles, readReport, type RecordProblem } from '../../core/audit/check';
import { copyNames, isCopyOf } from '../../core/audit/copies';
import { reportName, type AuditReport } from '../../core/audit/record';
import { readSecurityRecord } from '../../core/kiosk/security-record';
import { isOfRecord, signatureName } from '../../core/audit/signed-record';
import type { SignatureFacts } from '../../core/cms/signature';
import type { SignatureAccount } from '../../core/signature/account';
import { sealingWorker } from '../../client/sealing';
import { fail, ok, type Result } from '../../core/result';
import { recordForms } from '../../locales/record-forms';
import { getClient } from '../session';

export interface Verdict {
  /** Files that the record lists. */
  readonly listed: number;
  readonly problems: readonly RecordProblem[];
  /** A security record that was opened, by itself or beside an export: its entries, or the line where it breaks. */
  readonly security?: { readonly entries: number } | { readonly where: string };
  /** Who signed the record; null: nobody; absent: there is no record of an export. A signature that does not fit is `bad-signature`, and there is no verdict. */
  readonly signature?: SignatureFacts | null;
  /** Digital signatures in DICOM files: where the record says that they are there, or where there is no record. */
  readonly images?: SignatureAccount;
  /** They are by somebody else than the record says. */
  readonly otherSigner?: boolean;
}

/** `path` begins with the name of what was opened; the record speaks of what is below it. */
const below = (path: string): string => path.slice(path.indexOf('/') + 1);

/**
 * @param files everything that was opened, the record among them
 * Errors: 'bad-signature'; 'malformed' when there is no record, or it was changed; 'read-failed'.
 */
export async function verifyOutput(
  files: readonly FileInput[],
  onProgress: (done: number, total: number) => void,
): Promise<Result<Verdict>> {
  const record = files.find((f) => below(f.path) === reportName);
  const security = await securityAmong(files);
  if (record === undefined && security !== null)
    return ok({ listed: 0, problems: [], security: judged(security.text) });
  if (record === undefined) {
    const images = await imagesOf(files, onProgress);
    const any = images.signers.length + images.problems.length > 0;
    return any ? ok({ listed: 0, problems: [], images }) : fail('malformed', 'There is no record in what was opened.');
  }
  const text = await textOf(record);
  if (text === null) return fail('read-failed', 'The record can not be read.');
  const signed = await signatureOf(files, text);
  if (!signed.ok) return signed;
  const report = readReport(text);
  if (!report.ok) return report;
  const others = new Map(
    files.filter((f) => !isOfRecord(below(f.path)) && f !== security?.file).map((f) => [below(f.path), f]),
  );
  let done = 0;
  const problems = [...(await checkCopies(files, report.value))];
  const found = await checkFiles(report.value, [...others.keys()], async (path) => {
    const input = others.get(path);
    const hash = input === undefined ? null : await getClient().hash(input);
    onProgress(++done, others.size);
    // What can't be read is not what was recorded.
    return hash?.ok === true ? hash.value : '';
  });
  problems.push(...found);
  const listed = report.value.totals.statuses.exported;
  const { imagesSignedBy, instances } = report.value;
  const paths = instances.flatMap(({ kind, output }) => (kind === 'dicom' && output !== null ? [output] : []));
  const listedFiles = paths.flatMap((path) => others.get(path) ?? []);
  const images = imagesSignedBy === undefined ? undefined : await imagesOf(listedFiles, onProgress);
  const more = {
    signature: signed.value,
    ...(images !== undefined && { images, otherSigner: images.signers.some((s) => s.fingerprint !== imagesSignedBy) }),
  };
  if (security === null) return ok({ listed, problems, ...more });
  const access = checkAccess(report.value, security.text);
  return ok({ listed, problems: [...problems, ...access], ...more, security: judged(security.text) });
}

/** The record in other forms, where they lie beside it. */
async function checkCopies(files: readonly FileInput[], report: AuditReport): Promise<RecordProblem[]> {
  const problems: RecordProblem[] = [];
  for (const copy of files.filter((f) => copyNames.includes(below(f.path)))) {
    const bytes = await contentOf(copy);
    if (bytes === null || !isCopyOf(report, bytes, Object.values(recordForms)))
      problems.push({ kind: 'altered-copy', path: below(copy.path) });
  }
  return problems;
}

async function imagesOf(
  files: readonly FileInput[],
  onProgress: (done: number, total: number) => void,
): Promise<SignatureAccount> {
  const [{ SignatureBook }, packed] = await Promise.all([
    import('../../core/signature/account'),
    import('../../core/pipeline/packed'),
  ]);
  const book = new SignatureBook();
  for (const [index, file] of files.entries()) {
    book.add(below(file.path), file.refusal ?? (await sealingWorker().checkImage(packed.bytesOf(file))));
    onProgress(index + 1, files.length);
  }
  return book.account;
}

async function securityAmong(files: readonly FileInput[]): Promise<{ file: FileInput; text: string } | null> {
  for (const file of files) {
    if (!file.path.endsWith('.jsonl')) continue;
    const text = await textOf(file);
    if (text !== null) return { file, text };
  }
  return null;
}

function judged(text: string): NonNullable<Verdict['security']> {
  const entries = readSecurityRecord(text);
  return entries.ok ? { entries: entries.value.length } : { where: entries.where ?? 'line 1' };
}

async function signatureOf(files: readonly FileInput[], text: string): Promise<Result<SignatureFacts | null>> {
  const signature = files.find((f) => below(f.path) === signatureName);
  if (signature === undefined) return ok(null);
  const bytes = await contentOf(signature);
  if (bytes === null) return fail('read-failed', 'The signature can not be read.');
  return sealingWorker().checkSignature(new TextEncoder().encode(text), bytes);
}

async function textOf(file: FileInput): Promise<string | null> {
  const bytes = await contentOf(file);
  // A mark at its beginning would be a change too.
  return bytes === null ? null : new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes);
}

/** The record of an archive is stored in it as it is: the archives that Lethe writes do not deflate. */
async function contentOf({ file, packed }: FileInput): Promise<Uint8Array<ArrayBuffer> | null> {
  try {
    if (packed === undefined) return new Uint8Array(await file.arrayBuffer());
    const { packedSource } = await import('../../core/pipeline/packed');
    const source = packedSource({ file, packed });
    return (await source.read(0, source.size)).slice();
  } catch {
    return null;
  }
}
