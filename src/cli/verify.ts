/** `lethe verify`: whether an output is still what its record says. Needs neither the key nor the inputs. */
import { readdir, readFile } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { checkAccess, checkFiles, readReport, type RecordProblem } from '../core/audit/check';
import { copyNames, isCopyOf } from '../core/audit/copies';
import type { AuditReport } from '../core/audit/record';
import { isOfRecord } from '../core/audit/signed-record';
import { checkSignature } from '../core/cms/signature';
import { looksLikeSecurityRecord, readSecurityRecord } from '../core/kiosk/security-record';
import { hashSource } from '../core/pipeline/hash';
import { recordForms } from '../locales/record-forms';
import { UsageError, type VerifyCommand } from './arguments';
import { fileSource } from './file-source';
import { nativeHash } from './native-hash';
import { fingerprintOf } from './signing';

const sentences: Readonly<Record<RecordProblem['kind'], string>> = {
  'altered-record': 'the record was changed',
  'missing-file': 'is in the record, but not in the folder',
  'altered-file': 'was changed',
  'unlisted-file': 'is not in the record',
  'no-hash': 'has no hash in the record',
  'altered-copy': 'does not say what the record says',
  'altered-security-record': 'the security record was changed',
  'not-in-security-record': 'the security record does not hold the decision that allowed this export',
};

/** @returns the exit code */
export async function verify(command: VerifyCommand, print: (text: string) => Promise<void>): Promise<number> {
  const text = await textOf(command.report);
  if (command.folder === undefined || looksLikeSecurityRecord(text)) return verifySecurity(text, command, print);
  const signature = await readFile(`${command.report}.p7s`).catch(() => null);
  const signed = await judge(text, signature === null ? null : new Uint8Array(signature), command.signer);
  if (signed.said !== '') await print(signed.said);
  const report = readReport(text);
  if (!report.ok) {
    await print(`${report.message}\n`);
    return 2;
  }
  const { folder } = command;
  const files = await filesBelow(folder);
  const problems = [
    ...(await checkFiles(report.value, files, (path) => hashSource(fileSource(join(folder, path)), nativeHash))),
    ...(await checkCopies(report.value, command)),
    ...(command.securityRecord === undefined ? [] : checkAccess(report.value, await textOf(command.securityRecord))),
  ];
  for (const { kind, path = '' } of problems)
    await print(path === '' ? `${sentences[kind]}\n` : `${path}: ${sentences[kind]}\n`);
  const images = await signedImages(report.value, folder, print);
  const listed = report.value.totals.statuses.exported;
  if (problems.length === 0) await print(`The record is unchanged, and all ${listed} files are as recorded.\n`);
  return problems.length === 0 && signed.good && images ? 0 : 2;
}

/** Where the record says that the images are signed: whether all are, with that certificate. */
async function signedImages(
  { imagesSignedBy, instances }: AuditReport,
  folder: string,
  print: (text: string) => Promise<void>,
): Promise<boolean> {
  if (imagesSignedBy === undefined) return true;
  const paths = instances.flatMap(({ kind, output }) => (kind === 'dicom' && output !== null ? [output] : []));
  const { accountOf, printAccount } = await import('./verify-dicom');
  const account = await accountOf(paths.map((path) => ({ path, open: () => fileSource(join(folder, path)) })));
  await printAccount(account, print, 'wanted');
  const isBy = account.signers.every((s) => s.fingerprint === imagesSignedBy);
  if (!isBy) await print('The images are signed with another certificate than the record says.\n');
  return isBy && account.problems.length === 0 && account.unsigned.length === 0 && account.files === paths.length;
}

async function checkCopies(report: AuditReport, { folder = '', copies = [] }: VerifyCommand): Promise<RecordProblem[]> {
  const beside = (await readdir(folder)).filter((name) => copyNames.includes(name)).map((name) => join(folder, name));
  const problems: RecordProblem[] = [];
  for (const path of new Set([...copies, ...beside])) {
    const bytes = await readFile(path).catch(() => {
      throw new UsageError(`'${path}' can't be read.`);
    });
    if (!isCopyOf(report, bytes, Object.values(recordForms))) problems.push({ kind: 'altered-copy', path });
  }
  return problems;
}

async function textOf(file: string): Promise<string> {
  return readFile(file, 'utf8').catch(() => {
    throw new UsageError(`The record '${file}' can't be read.`);
  });
}

async function verifySecurity(
  text: string,
  { folder }: VerifyCommand,
  print: (text: string) => Promise<void>,
): Promise<number> {
  if (folder !== undefined)
    throw new UsageError('A security record is about no folder: name it alone, or with --security-record.');
  const entries = readSecurityRecord(text);
  await print(
    entries.ok ? `The security record is unchanged: ${entries.value.length} entries.\n` : `${entries.message}\n`,
  );
  return entries.ok ? 0 : 2;
}

/** @param signer file of the certificate that is asked for */
async function judge(text: string, signature: Uint8Array<ArrayBuffer> | null, signer: string | undefined) {
  if (signature === null) {
    return signer === undefined
      ? { good: true, said: '' }
      : { good: false, said: 'The record is not signed: there is no signature beside it.\n' };
  }
  const checked = await checkSignature(new TextEncoder().encode(text), signature);
  if (!checked.ok) return { good: false, said: `${checked.message}\n` };
  const { name, fingerprint, signed = 'at an unknown time' } = checked.value;
  const said = `Signed by “${name}”, ${signed}, certificate ${fingerprint}.\n`;
  if (signer === undefined) return { good: true, said: `${said}Who that is, the fingerprint tells: compare it, or give --signer.\n` };
  return (await fingerprintOf(signer)) === fingerprint
    ? { good: true, said }
    : { good: false, said: `${said}That is not the certificate that was asked for.\n` };
} // prettier-ignore

async function filesBelow(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => {
    throw new UsageError(`The folder '${folder}' can't be read.`);
  });
  return (
    entries
      .filter((entry) => !entry.isDirectory())
      .map((entry) => relative(folder, join(entry.parentPath, entry.name)).split(sep).join('/'))
      // A record may lie beside what it is about.
      .filter((path) => !isOfRecord(path))
      .sort()
  );
}
