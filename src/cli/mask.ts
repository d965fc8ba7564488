/** `lethe mask`: reports and tables that go with a study, with the pseudonyms, dates and UIDs that its images have. */
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { decodeDocument, maskDocument } from '../core/privacy/mask/document';
import { maskedName } from '../core/privacy/mask/names';
import { peopleWithTable } from '../core/privacy/mask/table-people';
import { gather } from './gather';
import { openLookupFile } from './lookup';
import { findInputs } from './inputs';
import type { MaskCommand } from './privacy-arguments';
import { readKey, readProfile, writeKey } from './settings';
import { UsageError } from './usage';

/** @returns the exit code: 2 when a document was refused */
export async function mask(
  command: MaskCommand,
  note: (text: string) => void,
  signal: AbortSignal,
): Promise<number> {
  const profile = await readProfile(command);
  const { key, fresh } = await readKey(command.key);
  const documents = await findInputs(command.inputs, [command.out]);
  if (command.keyOut !== undefined) await writeKey(command.keyOut, key);
  else if (fresh) note('A fresh key was made and is forgotten at the end: these pseudonyms are those of no other run. Give the key of the images with --key.');
  const people = command.images.length === 0 ? [] : (await gather(command.images, { profile, key, jobs: command.jobs }, 'people', signal)).people;
  const table = command.lookup === undefined ? null : await openLookupFile(command.lookup, command.lookupPassphraseFile);
  const known = table === null ? people : peopleWithTable(people, table.table);
  if (known.length === 0) note('No images were named (--images): only patterns, and columns that say what they hold, can be masked.');
  await mkdir(command.out, { recursive: true });
  let refused = 0;
  for (const [index, { file, path }] of documents.entries()) {
    if (signal.aborted) return 2;
    const text = decodeDocument(new Uint8Array(await readFile(file)));
    const masked = text.ok ? maskDocument({ name: path, text: text.value }, { profile, key, people: known }) : text;
    if (!masked.ok) {
      refused++;
      note(`document ${index + 1}: ${masked.message} It was not written.`);
      continue;
    }
    const { counts, patients, unclear } = masked.value;
    const out = maskedName(key, path);
    await writeFile(join(command.out, out), masked.value.text, { flag: 'wx' }).catch(() => {
      throw new UsageError(`'${join(command.out, out)}' can't be written: it exists, or you may not write there.`);
    });
    const what = Object.entries(counts).map(([reason, n]) => `${reason} ${n}`).join(', ') || 'nothing';
    note(`document ${index + 1} → ${out}: ${patients} patients recognised; masked: ${what}${unclear > 0 ? `; ${unclear} parts about nobody known, their dates removed` : ''}`);
  }
  return refused === 0 ? 0 : 2;
} // prettier-ignore
