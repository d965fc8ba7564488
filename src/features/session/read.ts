/** Takes dropped files in: reads their headers, groups them, and sends for checking what may carry text. */
import type { FileInput } from '../../client/types';
import { sizeOf } from '../../core/pipeline/packed';
import { keepsOverlays } from '../../core/deid/keeps-overlays';
import type { InstanceSummary } from '../../core/pipeline/types';
import { accountFilesets, type FilesetIndex } from '../../core/pipeline/filesets';
import { isSystemFile } from '../../core/pipeline/system-files';
import type { Result } from '../../core/result';
import { useApp, type InstanceEntry, type InstanceId, type InstancePatch } from '../../store';
import { Batcher } from './batcher';
import { breaths } from './breaths';
import { queueChecks, reviewAsked } from './check';
import { isSetAside } from '../../core/pipeline/errors';
import { fileOf, getClient, keepFile, sessionSignal } from './files';
import { sameContent } from './same-bytes';

const batch = new Batcher<InstanceId, InstancePatch>(
  (changes) => useApp.getState().patchInstances(changes),
  (a, b) => ({ ...a, ...b }),
);

/** So many new files stand in the list at once; the page breathes between. */
const portion = 4000;

/** Where each SOP Instance UID was first seen. */
const seen = new Map<string, InstanceId>();
const keptPaths = new Set<string>();
/** Indexes of discs (DICOMDIR) that were dropped since the last look at them. */
let indexes: FilesetIndex[] = [];

function newEntry(id: InstanceId, input: FileInput): InstanceEntry {
  const system = isSystemFile(input.path);
  return {
    id,
    path: input.path,
    size: sizeOf(input),
    phase: system ? 'skipped' : 'reading',
    summary: null,
    problem: system ? { code: 'system-file', message: '' } : null,
    review: [],
    check: 'not-needed',
    accepted: false,
    letThrough: [],
    excluded: false,
    outcome: null,
  };
}

/**
 * Adds files to the session. Resolves when all their headers are read. The same file dropped twice (path, size and date alike)
 * is taken once.
 * @param listed called when they stand in the list, before their headers are read
 * @returns how many were new
 */
export async function addFiles(inputs: readonly FileInput[], listed: () => void = () => {}): Promise<number> {
  const signal = sessionSignal();
  const entries: InstanceEntry[] = [];
  const pause = breaths();
  for (const input of inputs) {
    // Of a file on a disk the browser looks up size and date when first asked for them: a moment each, and thousands of them.
    await pause();
    if (signal.aborted) return 0;
    const mark = `${input.path}\n${sizeOf(input)}\n${input.file.lastModified}`;
    if (keptPaths.has(mark)) continue;
    keptPaths.add(mark);
    entries.push(newEntry(keepFile(input), input));
  }
  for (let from = 0; from < entries.length; from += portion) {
    useApp.getState().addInstances(entries.slice(from, from + portion));
    await pause();
    if (signal.aborted) return 0;
  }
  listed();
  const toRead = entries.filter((e) => e.phase === 'reading');
  if (toRead.length === 0) return entries.length;
  addSteps('reading', { done: 0, total: toRead.length });
  const readInputs = toRead.flatMap((e) => fileOf(e.id) ?? []);
  const toCheck: InstanceId[] = [];
  let done = 0;
  const steps = window.setInterval(() => {
    addSteps('reading', { done, total: 0 });
    done = 0;
  }, 250);
  await getClient().inspectAll(
    readInputs,
    (index, result) => {
      const entry = toRead[index];
      if (!entry || signal.aborted) return;
      done++;
      const patch = afterReading(entry, result);
      if (patch.check === 'pending') toCheck.push(entry.id);
      batch.add(entry.id, patch);
      if (result.ok && patch.phase !== 'skipped' && useApp.getState().currentId === null) {
        batch.flush();
        useApp.getState().show(entry.id);
      }
    },
    { signal },
  );
  window.clearInterval(steps);
  if (signal.aborted) return 0;
  batch.flush();
  addSteps('reading', { done, total: 0 });
  settleSteps('reading');
  queueChecks(toCheck);
  tellFilesets();
  useApp.getState().announce('live.read', { count: toRead.length });
  return entries.length;
}

/** Says what an index lists and is not there: a copy of a disc may be incomplete without anybody having noticed. */
function tellFilesets(): void {
  const app = useApp.getState();
  const paths = [...app.instances.values()].map((e) => e.path);
  for (const { listed, missing, unlisted } of accountFilesets(indexes, paths)) {
    app.notify('import.fileset', { values: { listed, missing, unlisted }, tone: missing > 0 ? 'error' : 'info' });
  }
  indexes = [];
}

/** What an Instance is after its header was read. */
function afterReading(entry: InstanceEntry, result: Result<InstanceSummary>): InstancePatch {
  if (!result.ok) {
    return {
      phase: isSetAside(result.code, entry.path) ? 'skipped' : 'refused',
      problem: {
        code: result.code,
        message: result.message,
        ...(result.where !== undefined && { where: result.where }),
      },
    };
  }
  const summary = result.value;
  if (summary.fileset !== undefined) {
    indexes.push({ path: entry.path, files: summary.fileset });
    return { phase: 'skipped', problem: { code: 'dicomdir', message: '' } };
  }
  const { uid } = summary.instance;
  const first = uid === '' ? undefined : seen.get(uid);
  if (first === undefined) {
    if (uid !== '') seen.set(uid, entry.id);
  } else if (useApp.getState().instances.get(first)?.size === entry.size) void setDuplicateAside(entry.id, first);
  const review = reviewAsked();
  if (needsCheck(summary)) return { summary, phase: 'checking', check: 'pending', review };
  return { summary, phase: review.length > 0 ? 'review' : 'ready', check: 'not-needed', review };
}

/** A second file of the same UID and length: set aside when it holds the same bytes, kept when it differs. */
async function setDuplicateAside(id: InstanceId, first: InstanceId): Promise<void> {
  const [a, b] = [fileOf(id), fileOf(first)];
  const signal = sessionSignal();
  if (!a || !b) return;
  try {
    if (await sameContent(a, b, signal)) {
      batch.add(id, {
        phase: 'skipped',
        check: 'not-needed',
        problem: { code: 'duplicate', message: '', where: b.path },
      });
    }
  } catch {
    // Unreadable now: the export will say so.
  }
}

/** Whether the pixel policy in force asks to look for text in this Instance. */
export function needsCheck(summary: InstanceSummary): boolean {
  if (summary.pixels === null) return false;
  const { profile } = useApp.getState();
  const { policy } = profile.pixels;
  const atRisk = summary.pixelRisk.check || (summary.overlays && keepsOverlays(profile));
  return policy === 'all' || (policy === 'auto' && atRisk);
}

/** Adds to the counts of a kind of work. */
export function addSteps(kind: 'reading' | 'checking', more: { done: number; total: number }): void {
  const state = useApp.getState();
  const before = state[kind];
  if (more.done === 0 && more.total === 0) return;
  state.setJobs({ [kind]: { done: before.done + more.done, total: before.total + more.total } });
}

/** Back to nothing once all is done, so that the next drop counts from zero. */
export function settleSteps(kind: 'reading' | 'checking'): void {
  const state = useApp.getState();
  if (state[kind].done >= state[kind].total) state.setJobs({ [kind]: { done: 0, total: 0 } });
}

export function dropReading(): void {
  batch.drop();
  indexes = [];
  seen.clear();
  keptPaths.clear();
}
