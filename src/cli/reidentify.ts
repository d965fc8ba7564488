/** `lethe reidentify`: files with the originals that they carry encrypted, in their places again. */
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { needsPassphrase, readPrivateKey, type PrivateKey } from '../core/cms/private-key';
import { parseDicom } from '../core/dicom/parse';
import { safeName } from '../core/export/paths';
import { explanations } from '../core/pipeline/errors';
import type { Failure } from '../core/result';
import { openVault, restored } from '../core/vault/open';
import { folderSink } from './folder-sink';
import { findInputs, refTo } from './inputs';
import { nodeSource } from './node-host';
import { readPassphrase } from './passphrase';
import type { ReidentifyCommand } from './sealing-arguments';
import { UsageError } from './usage';

/** @returns the exit code: 2 when a file could not be given back */
export async function reidentify(
  command: ReidentifyCommand,
  note: (text: string) => void,
  signal: AbortSignal,
): Promise<number> {
  const key = await readKeyFile(command.key, command.passphraseFile);
  const inputs = await findInputs(command.inputs, [command.out]);
  const sink = folderSink(resolve(command.out));
  const opened = await sink.open();
  if (!opened.ok) throw new UsageError(opened.message);
  let back = 0;
  const failures = new Map<string, number>();
  const failed = ({ code, message }: Failure): void => {
    const line = `${code}: ${code in explanations ? explanations[code].message : message}`;
    failures.set(line, (failures.get(line) ?? 0) + 1);
  };
  for (const input of inputs) {
    if (signal.aborted) break;
    // The record that lies among the results is no image.
    if (!/\.dcm$/i.test(input.path) && input.path.endsWith('.json')) continue;
    const source = nodeSource(refTo(input), input.size);
    const file = await parseDicom(source);
    const vault = file.ok ? await openVault(file.value, key) : file;
    if (!file.ok || !vault.ok) {
      if (!vault.ok) failed(vault);
      continue;
    }
    const path = input.path.split('/').map(safeName).join('/');
    const written = await sink.write({ path, parts: restored(file.value, vault.value), source });
    if (written.ok) back++;
    else failed(written);
  }
  await sink.close();
  note(`${back} files have their identity back. They are no longer de-identified: keep them where patients’ data belong.`);
  for (const [line, count] of failures) note(`${count} ${line}`);
  return failures.size === 0 && !signal.aborted ? 0 : 2;
} // prettier-ignore

/** @throws UsageError */
export async function readKeyFile(file: string, passphraseFile: string | undefined): Promise<PrivateKey> {
  const text = await readFile(file, 'utf8').catch(() => {
    throw new UsageError(`The key '${file}' can't be read.`);
  });
  const passphrase = needsPassphrase(text)
    ? await readPassphrase(passphraseFile, 'passphrase-file', 'Passphrase of the key')
    : undefined;
  const key = await readPrivateKey(text, passphrase);
  if (!key.ok) throw new UsageError(key.message);
  return key.value;
}
