/** Signing keys of the command line, and `lethe sign-key`. */
import { readFile, writeFile } from 'node:fs/promises';
import { readCertificates } from '../core/cms/certificates';
import type { ImageSigner } from '../core/cms/rsa';
import { needsPassphrase } from '../core/cms/private-key';
import { makeSigningKey, openSigner, shortestPassphrase, signingKeyFacts, type Signer } from '../core/cms/signing-key';
import { lengthOf } from '../core/export/passwords';
import type { AnonymizeCommand } from './arguments';
import { readPassphrase } from './passphrase';
import type { SignKeyCommand } from './sealing-arguments';
import { UsageError } from './usage';

/** @throws UsageError */
export async function readSigner(file: string, passphraseFile: string | undefined): Promise<Signer> {
  const text = await readFile(file, 'utf8').catch(() => {
    throw new UsageError(`The signing key '${file}' can't be read.`);
  });
  const passphrase = needsPassphrase(text)
    ? await readPassphrase(passphraseFile, 'sign-passphrase-file', 'Passphrase of the signing key')
    : '';
  const signer = await openSigner(text, passphrase);
  if (!signer.ok) throw new UsageError(signer.message);
  return signer.value;
}

/** @throws UsageError where a key is given and nothing is there to be signed */
export function checkSigning({ sign, signDicom, report, container }: AnonymizeCommand): void {
  if (sign === undefined || signDicom === true || report !== undefined || container !== undefined) return;
  throw new UsageError('There is nothing to sign: --sign goes with --report FILE, with an archive, or with --sign-dicom.');
} // prettier-ignore

/** @throws UsageError when the key is none that DICOM signatures are made with */
export function imageSigner(signer: Signer | null): ImageSigner {
  if (signer?.images === undefined) throw new UsageError('DICOM files are signed with an RSA key; this one is of another kind.');
  return signer.images;
} // prettier-ignore

/** Fingerprint of the one certificate of a file. @throws UsageError */
export async function fingerprintOf(file: string): Promise<string> {
  const text = await readFile(file, 'utf8').catch(() => {
    throw new UsageError(`The certificate '${file}' can't be read.`);
  });
  const read = readCertificates([text]);
  if (!read.ok) throw new UsageError(read.message);
  return read.value[0]?.fingerprint ?? '';
}

/** Makes a key: encrypted, readable by the owner alone; never replaces a file. */
export async function signKey(command: SignKeyCommand, note: (text: string) => void): Promise<number> {
  const passphrase = await readPassphrase(command.passphraseFile, 'passphrase-file', 'Passphrase for the new key');
  if (lengthOf(passphrase) < shortestPassphrase) {
    throw new UsageError(`The passphrase must have at least ${shortestPassphrase} characters.`);
  }
  const text = await makeSigningKey(command.name, passphrase, new Date());
  await writeFile(command.out, text, { mode: 0o600, flag: 'wx' }).catch(() => {
    throw new UsageError(`'${command.out}' can't be written: it exists, or you may not write there.`);
  });
  const facts = signingKeyFacts(text);
  if (facts.ok) note(`The key signs as ${facts.value.name}. Its fingerprint, for those who check: ${facts.value.fingerprint}`);
  return 0;
} // prettier-ignore
