/** The lookup table of a project on the command line: encrypted in its file, readable for as long as a command runs. */
import { readFile, rename, writeFile } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { shortestPassphrase } from '../core/cms/signing-key';
import { lengthOf } from '../core/export/passwords';
import { emptyLookup, findIn, lookupFromCsv, mergeLookups, type Lookup } from '../core/lookup/table';
import { openLookup, sealLookup } from '../core/lookup/vault';
import type { Result } from '../core/result';
import { readPassphrase } from './passphrase';
import type { LookupCommand } from './sealing-arguments';
import { UsageError } from './usage';

/** A table that is open, and how it is closed again. */
export interface LookupFile {
  readonly table: Lookup;
  /** Adds rows and writes the file, encrypted; what was there stays until the new one is whole. */
  add(rows: Lookup): Promise<void>;
}

/** Opens a table, or begins one where there is no file yet. @throws UsageError */
export async function openLookupFile(file: string, passphraseFile: string | undefined): Promise<LookupFile> {
  const passphrase = await readPassphrase(passphraseFile, 'lookup-passphrase-file', 'Passphrase of the lookup table');
  const table = existsSync(file) ? await read(file, passphrase) : emptyLookup;
  if (table === emptyLookup) checkLength(passphrase);
  return {
    table,
    add: async (rows) => write(file, must(mergeLookups(table, rows)), passphrase),
  };
}

/** `lethe lookup`: import, merge, find. */
export async function lookup(
  command: LookupCommand,
  print: (text: string) => Promise<void>,
  note: (text: string) => void,
): Promise<number> {
  const passphrase = await readPassphrase(command.passphraseFile, 'passphrase-file', 'Passphrase of the lookup table');
  if (command.task === 'find') {
    const found = findIn(await read(command.files[0] ?? '', passphrase), command.wanted);
    for (const { id, name, pseudonym } of found) await print(`${pseudonym}\t${id}\t${name}\n`);
    if (found.length === 0) note('Nobody of that name, number or study is in the table.');
    return found.length === 0 ? 2 : 0;
  }
  if (existsSync(command.out)) throw new UsageError(`'${command.out}' exists. Nothing is overwritten: choose another name.`);
  checkLength(passphrase);
  let all = emptyLookup;
  for (const file of command.files) {
    const table = command.task === 'import' ? must(lookupFromCsv(await text(file))) : await read(file, passphrase);
    all = must(mergeLookups(all, table));
  }
  await write(command.out, all, passphrase);
  note(`${all.patients.length} patients are in the table, encrypted.`);
  if (command.task === 'import') note('The CSV is readable as before: delete it.');
  return 0;
} // prettier-ignore

function checkLength(passphrase: string): void {
  if (lengthOf(passphrase) >= shortestPassphrase) return;
  throw new UsageError(`The passphrase must have at least ${shortestPassphrase} characters.`);
}

function must<T>(result: Result<T>): T {
  if (!result.ok) throw new UsageError(result.message);
  return result.value;
}

function text(file: string): Promise<string> {
  return readFile(file, 'utf8').catch(() => {
    throw new UsageError(`'${file}' can't be read.`);
  });
}

const read = async (file: string, passphrase: string): Promise<Lookup> =>
  must(await openLookup(await text(file), passphrase));

async function write(file: string, table: Lookup, passphrase: string): Promise<void> {
  const next = `${file}.part`;
  try {
    await writeFile(next, `${await sealLookup(table, passphrase)}\n`, { mode: 0o600 });
    await rename(next, file);
  } catch {
    throw new UsageError(`The lookup table '${file}' can't be written.`);
  }
}
