/** `lethe verify --dicom`: whether the digital signatures that DICOM files carry fit, whoever made them. */
import { formatTag } from '../core/dicom/data-set';
import { explanations } from '../core/pipeline/errors';
import { SignatureBook, signaturesOf, type SignatureAccount } from '../core/signature/account';
import type { ByteSource } from '../core/bytes';
import { fail } from '../core/result';
import type { VerifyDicomCommand } from './arguments';
import { findInputs, refTo } from './inputs';
import { nodeSource } from './node-host';
import { fingerprintOf } from './signing';

type Print = (text: string) => Promise<void>;

const mostTags = 8;

/** @returns the exit code: 2 when a DICOM file has no signature, or one that does not fit */
export async function verifyDicomFiles({ inputs, signer }: VerifyDicomCommand, print: Print): Promise<number> {
  const wanted = signer === undefined ? undefined : await fingerprintOf(signer);
  const found = await findInputs(inputs);
  const account = await accountOf(found.map((f) => ({ path: f.path, open: () => nodeSource(refTo(f), f.size) })));
  await printAccount(account, print, 'wanted');
  if (account.files === 0) await print('There is no DICOM file among them.\n');
  const byOthers = wanted !== undefined && account.signers.some((s) => s.fingerprint !== wanted);
  if (byOthers) await print('That is not the certificate that was asked for.\n');
  const good = account.files > 0 && account.problems.length === 0 && account.unsigned.length === 0 && !byOthers;
  return good ? 0 : 2;
}

export async function accountOf(
  files: readonly { readonly path: string; readonly open: () => ByteSource }[],
): Promise<SignatureAccount> {
  const book = new SignatureBook();
  for (const { path, open } of files) {
    const signatures = await signaturesOf(open()).catch(() => fail('read-failed', 'The file can not be read.'));
    book.add(path, signatures);
  }
  return book.account;
}

/** @param unsigned whether files without a signature are told of */
export async function printAccount(account: SignatureAccount, print: Print, unsigned: 'wanted' | 'usual'): Promise<void> {
  for (const { name, fingerprint, files, from, until } of account.signers) {
    const when = from === until ? from : `${from} to ${until}`;
    await print(`${files} DICOM files signed by “${name}”${when === '' ? '' : `, ${when}`}, certificate ${fingerprint}.\n`);
  }
  for (const { path, code } of account.problems) {
    await print(`${path}: ${code in explanations ? explanations[code].message : code}\n`);
  }
  if (unsigned === 'wanted') for (const path of account.unsigned) await print(`${path}: carries no signature\n`);
  for (const { path, uncovered } of account.partial) {
    const tags = uncovered.slice(0, mostTags).map(formatTag).join(', ');
    await print(`${path}: ${uncovered.length} attributes lie outside of the signature: ${tags}${uncovered.length > mostTags ? ', …' : ''}\n`);
  }
  for (const path of account.outdated) await print(`${path}: signed in an outdated way (MD5, SHA-1 or RIPEMD-160), which shows little\n`);
} // prettier-ignore
