/** Where the results of `lethe anonymize` go: a folder, or an archive that is one file. */
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { readRecipients, type KnownCertificate } from '../core/cms/certificates';
import { entryCiphers, shortestPassword } from '../core/export/aes-entry';
import { lengthOf } from '../core/export/passwords';
import { bundleSink, encryptedZipSink, zipSink, type Sink } from '../core/export';
import { archiveTarget } from './archive-target';
import { folderSink } from './folder-sink';
import { readPassphrase } from './passphrase';
import { UsageError } from './usage';

export type Container = 'zip' | 'encrypted-zip' | 'bundle';

export interface DestinationWords {
  /** The folder, or the file of the archive. */
  readonly out: string;
  /** Absent: a folder. */
  readonly container?: Container;
  readonly passwordFile?: string;
  /** Certificates of a bundle, PEM files. */
  readonly recipients?: readonly string[];
  readonly resume: boolean;
}

/** @throws UsageError when it can't be opened, or the password is too short */
export async function openDestination(words: DestinationWords): Promise<Sink> {
  const out = resolve(words.out);
  if (words.container === undefined) return folderSink(out, { goOn: words.resume });
  const { target, discard } = archiveTarget(out);
  if (words.container === 'zip') return zipSink(target, discard);
  if (words.container === 'bundle') return bundleSink(target, await recipientsOf(words.recipients ?? []), discard);
  const password = await readPassphrase(words.passwordFile, 'password-file', 'Password of the ZIP');
  if (lengthOf(password) < shortestPassword) {
    throw new UsageError(`The password of a ZIP must have at least ${shortestPassword} characters.`);
  }
  return encryptedZipSink(target, entryCiphers(password), discard);
}

async function recipientsOf(files: readonly string[]): Promise<readonly KnownCertificate[]> {
  const texts = await Promise.all(
    files.map((file) =>
      readFile(file, 'utf8').catch(() => {
        throw new UsageError(`The certificate '${file}' can't be read.`);
      }),
    ),
  );
  const read = readRecipients(texts, new Date());
  if (!read.ok) throw new UsageError(read.message);
  return read.value;
}

/** Which of the options that say where results go was given; exactly one must be. @throws UsageError */
export function destinationOf(values: Readonly<Record<string, unknown>>): { out: string; container?: Container; recipients?: readonly string[] } {
  const given = (['out', 'zip', 'encrypted-zip', 'bundle'] as const).filter((name) => values[name] !== undefined);
  const [name] = given;
  if (name === undefined) throw new UsageError('Say where the results go: --out DIR, --zip FILE, --encrypted-zip FILE or --bundle FILE.');
  if (given.length > 1) throw new UsageError(`--${given.join(' and --')} exclude each other.`);
  if (name !== 'out' && values.resume === true) {
    throw new UsageError('An archive can not be gone on with: --resume goes with --out.');
  }
  if (name !== 'encrypted-zip' && values['password-file'] !== undefined) {
    throw new UsageError('--password-file belongs to --encrypted-zip.');
  }
  const recipients = (values.recipient ?? []) as readonly string[];
  if ((name === 'bundle') !== recipients.length > 0) {
    throw new UsageError('--bundle and --recipient CERT.pem go together.');
  }
  const out = values[name] as string;
  return name === 'out' ? { out } : { out, container: name, ...(name === 'bundle' && { recipients }) };
} // prettier-ignore
