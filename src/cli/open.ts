/** `lethe open`: what is in a bundle that was encrypted for a certificate of yours. */
import { basename } from 'node:path';
import { asStream, openEnvelope } from '../core/cms/open-stream';
import { explanations } from '../core/pipeline/errors';
import { archiveTarget } from './archive-target';
import { fileSource } from './file-source';
import { readKeyFile } from './reidentify';
import type { OpenCommand } from './sealing-arguments';
import { UsageError } from './usage';

/** @returns the exit code: 2 when the key does not open it, or it is damaged */
export async function openBundle(command: OpenCommand, note: (text: string) => void): Promise<number> {
  const key = await readKeyFile(command.key, command.passphraseFile);
  const { target } = archiveTarget(command.out);
  let opened;
  try {
    opened = await openEnvelope(fileSource(command.bundle), key);
  } catch {
    throw new UsageError(`The bundle '${command.bundle}' can't be read.`);
  }
  if (!opened.ok) {
    note(`${opened.code}: ${explanations[opened.code].message}`);
    return 2;
  }
  try {
    await target(asStream(opened.value));
  } catch {
    note(`bad-envelope: ${explanations['bad-envelope'].message} Nothing was written.`);
    return 2;
  }
  note(`${basename(command.out)} holds what was encrypted. Encryption alone does not tell of changes: check it against its record (lethe verify).`);
  return 0;
} // prettier-ignore
