/** Runs an export over everything in the session and keeps the page told. */
import { dropJournal, inputKey, journalFree, readJournal, type Interrupted } from '../../client/journal';
import { kioskSession } from '../../client/kiosk-session';
import type { Destination, ExportItem, ExportJob } from '../../client/types';
import type { ItemOutcome } from '../../core/audit/outcome';
import {
  useApp,
  waitsForPerson,
  type AppState,
  type InstanceEntry,
  type InstanceId,
  type InstancePatch,
  type Phase,
} from '../../store';
import { Batcher } from './batcher';
import { checksDone } from './check';
import { fileOf, getClient, getKey, sourcesOf } from './files';
import { keptDocuments } from './documents';
import { getLookup, setLookup } from './lookup';
import { getSigner } from './signer';

const batch = new Batcher<InstanceId, InstancePatch>(
  (changes) => useApp.getState().patchInstances(changes),
  (a, b) => ({ ...a, ...b }),
  250,
);

let job: ExportJob | null = null;
/** Of the checks that an export waits for. */
let waiting: AbortController | null = null;
let archive: { blob: Blob; name: string } | null = null;

/** What the exporter is told of one Instance: what the person saw is what is carried out. */
export function exportItem(state: AppState, entry: InstanceEntry): ExportItem | null {
  const input = fileOf(entry.id);
  if (!input) return null;
  const decided = state.decided.has(entry.id) || entry.accepted || entry.check === 'done';
  return {
    ...input,
    ...(decided && { regions: state.regions[entry.id] ?? [] }),
    ...((entry.accepted || state.decided.has(entry.id)) && { reviewed: true }),
    ...(entry.letThrough.length > 0 && { accepted: entry.letThrough }),
    ...(entry.excluded ? { excluded: true } : waitsForPerson(entry) && { waiting: true }),
    // The other of the two is the one that was shown, edited or taken out.
    ...(entry.phase === 'skipped' && entry.problem?.code === 'duplicate' && { copy: true }),
  };
}

/**
 * A box drawn before its image was checked: what the check finds must leave with it. Where text may stay in an image, all are
 * checked before, since what is unclear waits for a person.
 */
function toCheckFirst(state: AppState): ReadonlySet<InstanceId> {
  const ids = state.profile.pixels.text === 'everything' ? [...state.decided] : [...state.instances.keys()];
  return new Set(ids.filter((id) => state.instances.has(id)));
}

export interface ExportPlan {
  readonly destination: Destination;
  /** For the screen alone: name of the folder or file that a person chose; null for a ZIP that is saved as a download. */
  readonly name: string | null;
  readonly pathTemplate?: string;
  readonly dicomdir?: boolean;
  /** Sign the record with the key that is unlocked. */
  readonly sign?: boolean;
  /** Sign each DICOM image with it. */
  readonly signImages?: boolean;
  /** An interrupted export that goes on: what was decided then is what is carried out. */
  readonly resumed?: Interrupted;
}

export async function runExport(plan: ExportPlan): Promise<void> {
  const { resumed } = plan;
  const session = kioskSession();
  const early = useApp.getState();
  // Running from here on: the wait for checks is part of it, and can be cancelled.
  early.setJobs({ exportState: 'running', exportProgress: null, exportResult: null, exportFailure: null });
  const wait = new AbortController();
  waiting = wait;
  if (resumed === undefined) await checksDone(toCheckFirst(early), wait.signal);
  waiting = null;
  if (wait.signal.aborted) {
    useApp.getState().setJobs({ exportState: 'idle' });
    return;
  }
  const signer = getSigner();
  const lookup = getLookup();
  const state = useApp.getState();
  const all = resumed === undefined ? [...state.instances.values()] : inOrder(state, resumed);
  const ids: InstanceId[] = [];
  const items: ExportItem[] = [];
  for (const entry of all) {
    const item = resumed === undefined ? exportItem(state, entry) : decidedThen(entry, resumed);
    if (!item) continue;
    ids.push(entry.id);
    items.push(item);
  }
  archive = null;
  state.setJobs({ exportState: 'running', exportProgress: null, exportResult: null, exportFailure: null });
  state.announce('live.exportStarted', { count: items.length });
  job = getClient().export(
    {
      items,
      profile: state.profile,
      key: getKey(),
      documents: keptDocuments(),
      ...(lookup !== null && { lookup }),
      ...(plan.sign === true && signer !== null && { signer }),
      ...(plan.signImages === true && signer?.images !== undefined && { imageSigner: signer }),
      destination: plan.destination,
      sources: sourcesOf(),
      ...(session !== null && { kiosk: session }),
      ...(plan.pathTemplate !== undefined && { pathTemplate: plan.pathTemplate }),
      ...(plan.dicomdir === true && { dicomdir: true }),
      ...(resumed !== undefined && { resumed }),
    },
    {
      onProgress: (exportProgress) => useApp.getState().setJobs({ exportProgress }),
      onItems: (changes) => {
        for (const { index, state: itemState } of changes) {
          const id = ids[index];
          if (id !== undefined && (itemState === 'working' || itemState === 'writing'))
            batch.add(id, { phase: 'exporting' });
        }
      },
      onOutcome: (outcome) => {
        const id = ids[outcome.index];
        // What waited for a person stands where it stood, with the reasons it had.
        if (id !== undefined && items[outcome.index]?.waiting !== true) batch.add(id, afterExport(outcome));
      },
    },
  );
  const result = await job.finished;
  job = null;
  useApp.getState().setJobs({ interrupted: null });
  if (!result.ok || !result.value.complete) await lookForInterrupted();
  batch.flush();
  const after = useApp.getState();
  if (!result.ok) {
    after.setJobs({ exportState: 'failed', exportFailure: { code: result.code, message: result.message } });
    after.announce('live.exportFailed');
    restoreInterrupted();
    return;
  }
  const { archive: blob, lookup: rows, ...outcome } = result.value;
  if (rows !== undefined) setLookup(rows);
  if (blob) archive = { blob, name: outcome.archiveName ?? 'lethe.zip' };
  after.setJobs({
    exportState: 'finished',
    exportResult: { ...outcome, destination: plan.name, hasArchive: blob !== undefined },
  });
  after.announce('live.exported', { count: outcome.counts.exported });
  restoreInterrupted();
}

/** The inputs of an interrupted export in the order that they had: running numbers depend on it. */
function inOrder(state: AppState, { order, salt }: Interrupted): InstanceEntry[] {
  const places = new Map(order.map((key, place) => [key, place]));
  const placeOf = (entry: InstanceEntry): number => {
    const input = fileOf(entry.id);
    return (input && places.get(inputKey(salt, input))) ?? order.length;
  };
  return [...state.instances.values()]
    .map((entry) => ({ entry, place: placeOf(entry) }))
    .sort((a, b) => a.place - b.place)
    .map(({ entry }) => entry);
}

function decidedThen(entry: InstanceEntry, { salt, decisions }: Interrupted): ExportItem | null {
  const input = fileOf(entry.id);
  return input === undefined ? null : { ...input, ...decisions.get(inputKey(salt, input)) };
}

/** Where an Instance stands after the export said how it ended. */
export function afterExport(outcome: ItemOutcome): InstancePatch {
  const problem =
    outcome.code === undefined
      ? null
      : {
          code: outcome.code,
          message: outcome.message ?? '',
          ...(outcome.where !== undefined && { where: outcome.where }),
        };
  switch (outcome.status) {
    case 'exported':
      return { phase: 'exported', outcome, problem: null };
    case 'needs-review':
      return { phase: 'review', outcome, problem, review: ['gate'], accepted: false };
    case 'refused':
      return { phase: 'refused', outcome, problem };
    case 'skipped':
      // A cancelled export, or one that a person took out: it stands where it stood.
      if (outcome.code === 'cancelled' || outcome.code === 'excluded') return {};
      return { phase: 'skipped', outcome, problem };
  }
}

/** Where an Instance stands that an export began with and did not end. */
function standing(entry: InstanceEntry): Phase {
  if (entry.check === 'pending' || entry.check === 'running') return 'checking';
  return entry.review.length > 0 ? 'review' : 'ready';
}

/** Nothing stays in 'exporting' when the job has ended. */
function restoreInterrupted(): void {
  const patches = new Map<InstanceId, InstancePatch>();
  for (const entry of useApp.getState().instances.values()) {
    if (entry.phase === 'exporting') patches.set(entry.id, { phase: standing(entry) });
  }
  if (patches.size > 0) useApp.getState().patchInstances(patches);
}

let found: Interrupted | null = null;

/** The export that can be gone on with. Outside the store: it holds a key and handles. */
export const interruptedExport = (): Interrupted | null => found;

/** Looks whether an export was interrupted, in this window or before it was opened. */
export async function lookForInterrupted(): Promise<void> {
  found = await readJournal();
  useApp.getState().setJobs({
    interrupted:
      found === null
        ? null
        : {
            done: found.done,
            total: found.order.length,
            folder: found.destination.name,
            byItself: found.sources.length > 0,
          },
  });
}

/**
 * Looks when the page is opened, and again when the export of another window is over: a window that died a moment ago may still hold
 * the journal.
 */
export async function watchForInterrupted(): Promise<void> {
  await lookForInterrupted();
  if (found !== null) return;
  await journalFree();
  if (job === null && interruptedExport() === null) await lookForInterrupted();
}

export async function forgetInterrupted(): Promise<void> {
  found = null;
  useApp.getState().setJobs({ interrupted: null });
  await dropJournal();
}

export function pauseExport(): void {
  if (!job || job.paused) return;
  job.pause();
  useApp.getState().setJobs({ exportState: 'paused' });
}

export function resumeExport(): void {
  if (!job?.paused) return;
  job.resume();
  useApp.getState().setJobs({ exportState: 'running' });
}

export function cancelExport(): void {
  waiting?.abort();
  job?.cancel();
}

/** Hands the finished ZIP to the browser's own download. */
export function saveArchive(): void {
  if (archive) saveBlob(archive.blob, archive.name);
}

export function saveBlob(blob: Blob, name: string): void {
  const url = URL.createObjectURL(blob);
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  // Long enough for the browser to take it over.
  window.setTimeout(() => URL.revokeObjectURL(url), 60_000);
}

export function dropExport(): void {
  waiting?.abort();
  job?.cancel();
  job = null;
  archive = null;
  batch.drop();
  void forgetInterrupted();
}
