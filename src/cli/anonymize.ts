/** `lethe anonymize`: the batch over files, into a folder. */
import { writeFile } from 'node:fs/promises';
import { totalmem } from 'node:os';
import { resolve } from 'node:path';
import { formatCsv } from '../core/audit/csv';
import { formatHtml } from '../core/audit/html';
import { formatReport, makeReport } from '../core/audit/record';
import { signText, writeRecord } from '../core/audit/write-record';
import type { ItemOutcome } from '../core/audit/outcome';
import type { CohortOutcome } from '../core/pipeline/cohort-stage';
import { pseudonymsIn } from '../core/lookup/table';
import type { KioskDestination } from '../core/kiosk/rules';
import { runBatch, type BatchRunner } from '../core/pipeline/batch';
import { workBudget } from '../core/pipeline/capacity';
import { explanations } from '../core/pipeline/errors';
import type { InputRef, Remotely } from '../core/pipeline/host';
import { isLight, type TaskContext } from '../core/pipeline/pool';
import { recordForms } from '../locales/record-forms';
import { UsageError, type AnonymizeCommand } from './arguments';
import { openDestination } from './destination';
import { fileScratch } from './scratch';
import { openKiosk } from './kiosk';
import { openLookupFile } from './lookup';
import { findInputs, refTo, type FileInput } from './inputs';
import { journalOf, openJournal } from './journal';
import { nodeSource, type NodeHost, type NodeInput } from './node-host';
import { readKey, readProfile, writeKey } from './settings';
import { checkSigning, imageSigner, readSigner } from './signing';
import { readTemplateFile } from './templates';
import { startPool, type NodePool } from './workers';

export interface Terminal {
  readonly note: (text: string) => void;
  /** A line that replaces the one before; nothing when the output is no terminal. */
  readonly progress: (text: string) => void;
  /** What was asked for on the standard output. */
  readonly print?: (text: string) => Promise<void>;
}

/** @returns the exit code */
export async function anonymize(command: AnonymizeCommand, terminal: Terminal, signal: AbortSignal): Promise<number> {
  const session = command.kiosk === undefined ? undefined : await openKiosk(command.kiosk);
  const profile = await readProfile(command, session?.policy.profile ?? undefined);
  const templates = command.templates === undefined ? undefined : await readTemplateFile(command.templates);
  const { key, fresh } = await readKey(command.key);
  if (command.resume && fresh) {
    throw new UsageError('To go on with an interrupted run, give the key that it had: --key.');
  }
  const inputs = await findInputs(command.inputs, [command.out, journalOf(resolve(command.out))]);
  if (command.keyOut !== undefined) await writeKey(command.keyOut, key);
  else if (fresh) {
    terminal.note(
      'A fresh key was made; it is forgotten at the end. Keep one with --key-out to add files to this set later.',
    );
  }
  checkSigning(command);
  const table =
    command.lookup === undefined ? null : await openLookupFile(command.lookup, command.lookupPassphraseFile);
  const signer = command.sign === undefined ? null : await readSigner(command.sign, command.signPassphraseFile);
  const images = command.signDicom === true ? imageSigner(signer) : undefined;
  const signedBy = images === undefined ? {} : { imagesSignedBy: signer?.facts.fingerprint };
  const out = resolve(command.out);
  const sink = await openDestination(command);
  // A run whose key is forgotten can't be gone on with, nor can an archive.
  const journal =
    command.container !== undefined || (fresh && command.keyOut === undefined)
      ? null
      : openJournal(
          journalOf(out),
          inputs,
          {
            profile,
            key,
            name: command.name ?? '',
            dicomdir: command.dicomdir,
            hash: wantsHashes(command),
            ...signedBy,
            ...(templates !== undefined && { templates }),
          },
          command.resume,
        );
  if (journal !== null && journal.earlier > 0) terminal.note(`${journal.earlier} results are there from before.`);
  const pool = startPool(command.jobs);
  const created = new Date();
  let done = 0;
  let finished = false;
  try {
    const batch = await runBatch({
      items: inputs,
      profile,
      key,
      runner: poolRunner(pool, inputs),
      sink,
      concurrency: command.jobs + 2,
      budget: workBudget(totalmem()),
      hash: wantsHashes(command),
      signal,
      ...(command.name !== undefined && { pathTemplate: command.name }),
      ...(command.dicomdir && { dicomdir: true }),
      ...(images !== undefined && { signer: images }),
      ...(templates !== undefined && { templates }),
      ...(journal !== null && { journal }),
      ...(table !== null && { lookup: { table: pseudonymsIn(table.table) } }),
      ...(command.container !== undefined && {
        // An archive is handed on: its record goes with it.
        beforeClose: async (outcomes, more) => {
          const text = formatReport(makeReport({ outcomes, profile, key, ...more, ...signedBy, created }));
          return writeRecord(sink, text, signer);
        },
      }),
      ...(session !== undefined && { kiosk: { session, destination: kioskDestination(command) } }),
      onOutcome: () => {
        done++;
        terminal.progress(`${done} of ${inputs.length}`);
      },
    });
    terminal.progress('');
    if (!batch.ok) {
      if (batch.code === 'bad-profile') throw new UsageError(batch.message);
      terminal.note(batch.message);
      return 2;
    }
    const { outcomes, counts, complete, failure, filesets, cohort, index, access } = batch.value;
    finished = complete;
    const report = makeReport({ outcomes, profile, key, cohort, index, access, ...signedBy, created });
    await session?.note({ event: 'exported', seal: report.seal, count: counts.exported, complete });
    if (command.report !== undefined) {
      const text = formatReport(report);
      await writeText(command.report, text);
      if (signer !== null) await writeText(`${command.report}.p7s`, await signText(text, signer));
    }
    if (command.reportCsv !== undefined) await writeText(command.reportCsv, formatCsv(report));
    if (command.reportHtml !== undefined)
      await writeText(command.reportHtml, formatHtml(report, recordForms.en.words, recordForms.en.explain));
    if (command.map) await terminal.print?.(`${JSON.stringify(mapRows(inputs, outcomes), null, 1)}\n`);
    if (batch.value.lookup !== undefined) await table?.add(batch.value.lookup);
    for (const line of summaryLines(outcomes)) terminal.note(line);
    for (const { listed, missing, unlisted } of filesets) {
      terminal.note(
        `A DICOMDIR lists ${listed} files: ${missing} are missing, and ${unlisted} files are there beside them.`,
      );
    }
    if (cohort !== undefined) terminal.note(cohortLine(cohort));
    if (failure !== undefined) terminal.note(failure.message);
    if (!complete && journal !== null) terminal.note('Run the same again with --resume to go on.');
    return complete && cohort?.holds !== false && counts.refused === 0 && counts['needs-review'] === 0 ? 0 : 2;
  } finally {
    journal?.close(finished);
    pool.dispose();
  }
}

/** A bundle is as closed as an encrypted ZIP. */
const kioskDestination = ({ container }: AnonymizeCommand): KioskDestination =>
  container === undefined ? 'folder' : container === 'bundle' ? 'encrypted-zip' : container;

function cohortLine({ k, kWanted, patients, groups, leftOut, highestRisk, holds }: CohortOutcome): string {
  const risk = (highestRisk * 100).toFixed(1);
  return `cohort: ${patients} patients in ${groups} groups, the smallest of ${k} (wanted ${kWanted}); ${leftOut} left out; highest risk ${risk} %${holds ? '' : '; THE EXPORTED SET DOES NOT HOLD TO THE POLICY'}`;
}

const wantsHashes = ({ report, reportCsv, reportHtml, container }: AnonymizeCommand): boolean =>
  container !== undefined || report !== undefined || reportCsv !== undefined || reportHtml !== undefined;

async function writeText(file: string, text: string | Uint8Array): Promise<void> {
  await writeFile(file, text).catch(() => {
    throw new UsageError(`'${file}' can't be written.`);
  });
}

/** As many as an engine keeps opened. */
const keptInputs = 24;

/** The work on single inputs, in the threads of a pool. */
export function poolRunner(pool: NodePool, inputs: readonly FileInput[]): BatchRunner {
  const refOf = (index: number): InputRef<NodeInput> => {
    const input = inputs[index];
    if (input === undefined) throw new RangeError('no such input');
    // Of many inputs none would still be kept when its turn comes: keeping them opened only costs memory.
    return { path: input.path, ref: refTo(input), ...(inputs.length <= keptInputs && { id: String(index) }) };
  };
  const run = <T>(
    index: number,
    task: (api: Remotely<NodeHost>, input: InputRef<NodeInput>, context: TaskContext) => Promise<T>,
    signal: AbortSignal,
  ) =>
    pool.run(
      (api, context) => task(api, refOf(index), context),
      (api, call) => void api.abort(call),
      { priority: 'soon', signal, affinity: String(index), light: isLight(inputs[index]?.size) },
    );
  return {
    inspect: (index, signal) => run(index, (api, input) => api.facts(input), signal),
    hash: (index, signal) => run(index, (api, input) => api.hash(input), signal),
    retained: (index, settings, signal) => run(index, (api, input) => api.retained(input, settings), signal),
    process: (index, settings, signal) =>
      run(index, (api, input, { call }) => api.process(call, input, settings), signal),
    source: (index) => nodeSource(refOf(index).ref, inputs[index]?.size),
    scratch: fileScratch(),
  };
}

/** Which input became what. For the user alone: it names files. */
export function mapRows(inputs: readonly FileInput[], outcomes: readonly ItemOutcome[]): readonly object[] {
  return outcomes.map((outcome) => ({
    input: inputs[outcome.index]?.name ?? '',
    output: outcome.outputPath,
    status: outcome.status,
    code: outcome.code ?? '',
    message: outcome.message ?? '',
    ...(outcome.where !== undefined && { where: outcome.where }),
    ...(outcome.status !== 'exported' &&
      outcome.findings.length > 0 && {
        findings: outcome.findings.map(({ check, severity, message, where }) => ({ check, severity, message, where })),
      }),
  }));
}

/** Counts alone: names of files may be names of people. */
function summaryLines(outcomes: readonly ItemOutcome[]): string[] {
  const counts = new Map<string, { count: number; line: string }>();
  for (const { status, code } of outcomes) {
    const line =
      code === undefined ? status : `${status}, ${code}: ${explanations[code].message} ${explanations[code].next}`;
    const entry = counts.get(line) ?? { count: 0, line };
    entry.count++;
    counts.set(line, entry);
  }
  return [...counts.values()].sort((a, b) => b.count - a.count).map(({ count, line }) => `${count} ${line}`);
}
