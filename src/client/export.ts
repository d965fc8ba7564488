/** Runs an export: the batch of core over the pool of workers, into the destination that the person chose. */
import { formatReport, makeReport, type DocumentRecord } from '../core/audit/record';
import { writeRecord } from '../core/audit/write-record';
import { hashParts } from '../core/pipeline/hash';
import { countStatuses, noCounts, type ItemOutcome } from '../core/audit/outcome';
// By their files: the registry would bring all sinks along.
import { directorySink } from '../core/export/directory';
import type { Sink } from '../core/export/sink';
import { zipSink, type ArchiveTarget } from '../core/export/zip';
import { batchFacts, runBatch, type BatchRunner, type ItemState } from '../core/pipeline/batch';
import { bytesSource } from '../core/bytes';
import { internalError } from '../core/pipeline/errors';
import { ProgressMeter } from '../core/pipeline/progress';
import { ExportJournal } from './journal';
import { bytesOf, packedSource, sizeOf, type InputBytes } from '../core/pipeline/packed';
import type { InstanceSummary, ProcessSettings } from '../core/pipeline/types';
import type { EngineHost } from '../core/pipeline/host';
import type { RetainedValues } from '../core/deid/retained';
import type { KioskDestination } from '../core/kiosk/rules';
import type { Result } from '../core/result';
import { fail, ok } from '../core/result';
import { pageScratch } from './scratch';
import type {
  Destination,
  ExportDocument,
  ExportEvents,
  ExportJob,
  ExportOutcome,
  ExportProgress,
  ExportRequest,
  FileInput,
  Protection,
} from './types';

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

/** How the rules of a machine speak of it. */
const asRulesSay = (to: Destination): KioskDestination =>
  to.kind === 'folder' ? 'folder' : to.protection === undefined ? 'zip' : 'encrypted-zip';

/** Milliseconds between two reports, so that numbers can be read and the page stays quick. */
const itemsEvery = 100;
const progressEvery = 250;

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

/** The archive's name tells the day of the export, nothing of what is in it. */
function archiveName(now: Date, to: Destination): string {
  const two = (n: number): string => String(n).padStart(2, '0');
  const suffix = to.kind === 'zip-blob' && to.protection?.kind === 'recipients' ? '.p7m' : '';
  return `lethe-${now.getFullYear()}${two(now.getMonth() + 1)}${two(now.getDate())}-${two(now.getHours())}${two(now.getMinutes())}.zip${suffix}`;
}

interface OpenDestination {
  readonly sink: Sink;
  readonly archive: () => Promise<Blob | undefined>;
}

function openDestination(destination: Destination, goOn: boolean): OpenDestination {
  switch (destination.kind) {
    case 'folder':
      return { sink: directorySink(destination.handle, { goOn }), archive: () => Promise.resolve(undefined) };
    case 'zip-file': {
      const { handle } = destination;
      // The browser writes beside the file and swaps when the stream is closed: an abort leaves what was there.
      const sink = archiveSink(
        async (archive) => archive.pipeTo(await handle.createWritable()),
        destination.protection,
      );
      return { sink, archive: () => Promise.resolve(undefined) };
    }
    case 'zip-blob': {
      let blob: Blob | undefined;
      // The browser keeps the blob, on disk where it is large.
      const sink = archiveSink(async (archive) => {
        blob = await new Response(archive as ReadableStream<Uint8Array<ArrayBuffer>>, {
          headers: { 'content-type': 'application/zip' },
        }).blob();
      }, destination.protection);
      return { sink, archive: () => Promise.resolve(blob) };
    }
  }
}

/** A ZIP as whoever may open it wants it. What encrypts is loaded when an export asks for it. */
function archiveSink(target: ArchiveTarget, protection: Protection | undefined): Sink {
  if (protection === undefined) return zipSink(target);
  if (protection.kind === 'recipients') {
    return lazySink(async () => {
      const [{ bundleSink }, { readRecipients }] = await Promise.all([
        import('../core/export/bundle'),
        import('../core/cms/certificates'),
      ]);
      const read = readRecipients(protection.certificates, new Date());
      return read.ok ? ok(bundleSink(target, read.value)) : read;
    });
  }
  return lazySink(async () => {
    const [{ encryptedZipSink }, { remoteEntryCiphers }] = await Promise.all([
      import('../core/export/encrypted-zip'),
      import('./sealing'),
    ]);
    return ok(encryptedZipSink(target, remoteEntryCiphers(protection.password)));
  });
}

/** A sink whose code is loaded when it is opened. */
function lazySink(load: () => Promise<Result<Sink>>): Sink {
  let loaded: Sink | undefined;
  const notOpen = fail('write-failed', 'The destination was not opened.');
  return {
    keepsOnAbort: false,
    open: async () => {
      const found = await load();
      if (!found.ok) return found;
      loaded = found.value;
      return loaded.open();
    },
    write: (file) => loaded?.write(file) ?? Promise.resolve(notOpen),
    close: () => loaded?.close() ?? Promise.resolve(notOpen),
    abort: async () => loaded?.abort(),
  };
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

/** Gathers what happens and tells the page now and then. */
class Reporter {
  readonly meter = new ProgressMeter(() => performance.now());
  readonly #events: ExportEvents;
  readonly #total: number;
  readonly #bytesTotal: number;
  readonly #changes = new Map<number, ItemState>();
  readonly #counts = noCounts();
  readonly #statuses = new Map<number, ItemOutcome['status']>();
  #phase: ExportProgress['phase'] = 'reading';
  #done = 0;
  #bytesDone = 0;
  #itemsTimer: ReturnType<typeof setTimeout> | undefined;
  #progressTimer: ReturnType<typeof setTimeout> | undefined;

  constructor(request: ExportRequest, events: ExportEvents) {
    this.#events = events;
    this.#total = request.items.length;
    this.#bytesTotal = request.items.reduce((sum, item) => sum + sizeOf(item), 0);
  }

  state(index: number, state: ItemState): void {
    this.#changes.set(index, state);
    this.#itemsTimer ??= setTimeout(() => {
      this.#tellItems();
    }, itemsEvery);
  }

  outcome(outcome: ItemOutcome): void {
    // What was in an archive that broke off is told a second time, as cancelled.
    const before = this.#statuses.get(outcome.index);
    if (before === undefined) {
      this.#done++;
      this.#bytesDone += outcome.sizeIn;
    } else {
      this.#counts[before]--;
    }
    this.#statuses.set(outcome.index, outcome.status);
    this.#counts[outcome.status]++;
    this.#events.onOutcome?.(outcome);
    this.#soon();
  }

  phase(phase: ExportProgress['phase']): void {
    this.#phase = phase;
    this.#soon();
  }

  end(): void {
    this.#phase = 'done';
    clearTimeout(this.#itemsTimer);
    clearTimeout(this.#progressTimer);
    this.#tellItems();
    this.#tellProgress();
  }

  #soon(): void {
    this.#progressTimer ??= setTimeout(() => {
      this.#tellProgress();
    }, progressEvery);
  }

  #tellItems(): void {
    this.#itemsTimer = undefined;
    if (this.#changes.size === 0) return;
    const changes = [...this.#changes].map(([index, state]) => ({ index, state }));
    this.#changes.clear();
    this.#events.onItems?.(changes);
  }

  #tellProgress(): void {
    this.#progressTimer = undefined;
    const state = {
      done: this.#done,
      total: this.#total,
      bytesDone: this.#bytesDone,
      bytesTotal: this.#bytesTotal,
    };
    // Reading headers says nothing about how long the work takes.
    const speed = this.#phase === 'reading' ? { rate: null, secondsLeft: null } : this.meter.update(state);
    this.#events.onProgress?.({ ...state, ...speed, phase: this.#phase, counts: { ...this.#counts } });
  }
}
