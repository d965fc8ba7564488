/** Runs an export: the batch of core over the pool of workers, into the destination that the person chose. */
import { formatReport, makeReport, type DocumentRecord } from '../core/audit/record';
import { writeRecord } from '../core/audit/write-record';
import { hashParts } from '../core/pipeline/hash';
import { countStatuses } from '../core/audit/outcome';
import type { Sink } from '../core/export/sink';
import { batchFacts, runBatch, type BatchRunner } from '../core/pipeline/batch';
import { bytesSource } from '../core/bytes';
import { internalError } from '../core/pipeline/errors';
import { ExportJournal } from './journal';
import { bytesOf, packedSource, sizeOf, type InputBytes } from '../core/pipeline/packed';
import type { InstanceSummary, ProcessSettings } from '../core/pipeline/types';
import type { EngineHost } from '../core/pipeline/host';
import type { RetainedValues } from '../core/deid/retained';
import type { Result } from '../core/result';
import { ok } from '../core/result';
import { archiveName, asRulesSay, openDestination } from './destinations';
import { Reporter } from './reporter';
import { pageScratch } from './scratch';
import type { ExportDocument, ExportEvents, ExportJob, ExportOutcome, ExportRequest, FileInput } from './types';

/** What an export needs of the client. */
export interface ExportWorkers {
  readonly lanes: number;
  readonly budget: number;
  inspect(input: FileInput, options: { readonly signal: AbortSignal }): Promise<Result<InstanceSummary>>;
  hash(input: FileInput, signal: AbortSignal): Promise<Result<string>>;
  retained(
    input: FileInput,
    settings: ProcessSettings,
    options: { readonly signal: AbortSignal },
  ): Promise<Result<RetainedValues>>;
  process(
    input: FileInput,
    settings: ProcessSettings,
    options: { readonly signal: AbortSignal },
  ): ReturnType<EngineHost<InputBytes>['process']>;
}

export function startExport(workers: ExportWorkers, request: ExportRequest, events: ExportEvents): ExportJob {
  const stop = new AbortController();
  const gate = new PauseGate();
  const destination = openDestination(request.destination, request.resumed !== undefined);
  const reporter = new Reporter(request, events);
  const { items, profile, key } = request;
  const scratch = pageScratch();
  const inputOf = (index: number): FileInput => {
    const item = items[index];
    if (item === undefined) throw new RangeError('no such item');
    return item;
  };
  const runner: BatchRunner = {
    inspect: async (index, signal) => {
      const summary = await workers.inspect(inputOf(index), { signal });
      return summary.ok ? ok(batchFacts(summary.value)) : summary;
    },
    hash: (index, signal) => workers.hash(inputOf(index), signal),
    retained: (index, settings, signal) => workers.retained(inputOf(index), settings, { signal }),
    process: (index, settings, signal) => workers.process(inputOf(index), settings, { signal }),
    source: (index) => packedSource(bytesOf(inputOf(index))),
    ...(scratch !== undefined && { scratch }),
  };

  const created = request.resumed?.created ?? new Date();

  const run = async (): Promise<Result<ExportOutcome>> => {
    const journal =
      request.destination.kind === 'folder'
        ? await ExportJournal.begin(request, request.destination.handle, created)
        : null;
    let documents: readonly DocumentRecord[] = [];
    const imagesSignedBy = request.imageSigner?.facts.fingerprint;
    const tables = request.lookup === undefined ? null : await import('../core/lookup/table');
    const batch = await runBatch({
      items: items.map((item) => ({ ...item, size: sizeOf(item) })),
      profile,
      key,
      runner,
      sink: destination.sink,
      // One more than there are workers: while one result is written, the next is made.
      concurrency: workers.lanes + 1,
      budget: workers.budget,
      hash: true,
      signer: request.imageSigner?.images,
      ...(request.dicomdir === true && { dicomdir: true }),
      ...(request.kiosk !== undefined && {
        kiosk: { session: request.kiosk, destination: asRulesSay(request.destination) },
      }),
      ...(journal !== null && { journal }),
      ...(tables !== null &&
        request.lookup !== undefined && { lookup: { table: tables.pseudonymsIn(request.lookup) } }),
      signal: stop.signal,
      ready: () => gate.open,
      ...(request.pathTemplate !== undefined && { pathTemplate: request.pathTemplate }),
      onState: (index, state) => {
        reporter.state(index, state);
      },
      onOutcome: (outcome) => {
        reporter.outcome(outcome);
      },
      onPhase: (phase) => {
        reporter.phase(phase);
      },
      beforeClose: async (outcomes, { cohort, index, access }) => {
        const kept = await writeDocuments(request.documents ?? [], destination.sink);
        if (!kept.ok) return kept;
        documents = kept.value;
        if (request.includeReport === false) return ok(null);
        const text = formatReport(
          makeReport({ outcomes, profile, key, cohort, index, access, documents, imagesSignedBy, created }),
        );
        return writeRecord(destination.sink, text, request.signer ?? null);
      },
    });
    await journal?.close(batch.ok ? batch.value.complete : request.resumed === undefined);
    if (!batch.ok) return batch;
    const { outcomes, complete, failure, filesets, cohort, index, access } = batch.value;
    const { lookup: rows } = batch.value;
    const merged =
      rows !== undefined && request.lookup !== undefined ? tables?.mergeLookups(request.lookup, rows) : undefined;
    const archive = complete ? await destination.archive() : undefined;
    const report = makeReport({ outcomes, profile, key, cohort, index, access, documents, imagesSignedBy, created });
    const { exported } = report.totals.statuses;
    // The result is there already: a record that can't be written any more must not hide it.
    await request.kiosk
      ?.note({ event: 'exported', seal: report.seal, count: exported, complete })
      .catch(() => undefined);
    return ok({
      items: outcomes,
      counts: countStatuses(outcomes),
      report,
      complete,
      filesets,
      ...(failure !== undefined && { failure }),
      ...(merged?.ok === true && { lookup: merged.value }),
      ...(archive !== undefined && { archive, archiveName: archiveName(new Date(), request.destination) }),
    });
  };

  return {
    finished: run()
      .catch((error: unknown) => internalError(error))
      .finally(() => {
        reporter.end();
      }),
    get paused() {
      return gate.paused;
    },
    pause: () => {
      gate.pause();
      reporter.meter.pause();
    },
    resume: () => {
      gate.resume();
      reporter.meter.resume();
    },
    cancel: () => {
      stop.abort();
      gate.resume();
    },
  };
}

/** Writes masked texts beside the images; what the record says of each. */
async function writeDocuments(
  documents: readonly ExportDocument[],
  sink: Sink,
): Promise<Result<readonly DocumentRecord[]>> {
  const records: DocumentRecord[] = [];
  for (const { path, text, masked } of documents) {
    const bytes = new TextEncoder().encode(text);
    const source = bytesSource(bytes);
    const written = await sink.write({ path, parts: [bytes], source });
    if (!written.ok) return written;
    records.push({ output: path, sha256Out: await hashParts([bytes], source), bytesOut: bytes.byteLength, masked });
  }
  return ok(records);
}

class PauseGate {
  #open: Promise<void> = Promise.resolve();
  #release: (() => void) | undefined;

  get open(): Promise<void> {
    return this.#open;
  }

  get paused(): boolean {
    return this.#release !== undefined;
  }

  pause(): void {
    if (this.#release !== undefined) return;
    this.#open = new Promise((resolve) => {
      this.#release = resolve;
    });
  }

  resume(): void {
    this.#release?.();
    this.#release = undefined;
  }
}
