/** Looks for burned-in text, one Instance after the other, the one on the screen first. */
import type { Region } from '../../core/detect/types';
import { keepsOverlays } from '../../core/deid/keeps-overlays';
import { useApp, type InstanceId, type InstancePatch, type ReviewReason } from '../../store';
import { Batcher } from './batcher';
import { fileOf, getClient, sessionSignal } from './files';
import { addSteps, settleSteps } from './read';

interface News {
  readonly regions?: readonly Region[];
  readonly patch: InstancePatch;
}

/** What checks found, on its way to the page. */
const news = new Batcher<InstanceId, News>(
  (changes) => {
    const state = useApp.getState();
    const regions = new Map<InstanceId, readonly Region[]>();
    const patches = new Map<InstanceId, InstancePatch>();
    for (const [id, change] of changes) {
      // Set aside or closed meanwhile: nothing more is said of it.
      const entry = state.instances.get(id);
      if (entry === undefined || entry.phase === 'skipped') continue;
      patches.set(id, change.patch);
      if (change.regions !== undefined) regions.set(id, change.regions);
    }
    if (regions.size > 0) state.setFoundRegions(regions);
    state.patchInstances(patches);
  },
  (a, b) => ({ ...a, ...b, patch: { ...a.patch, ...b.patch } }),
);

/** The one on the screen is not kept waiting. */
function tell(id: InstanceId, change: News): void {
  news.add(id, change);
  if (useApp.getState().currentId === id) news.flush();
}

const queue: InstanceId[] = [];
let running = 0;
/** Aborted by a pause: what is being looked at then begins anew. */
let going = new AbortController();
/** Enough to keep every background worker busy; the one for the screen is left alone by the client. */
const atOnce = () => Math.max(1, Math.min(3, navigator.hardwareConcurrency - 1));

/** Below this a found text is shown to a person, whatever is done with it. */
const unsureScore = 0.45;
const manyRegions = 60;

/** The machine may want a person's look at every image, whatever a check says. */
export function reviewAsked(): readonly ReviewReason[] {
  const { kiosk } = useApp.getState();
  return kiosk !== null && typeof kiosk !== 'string' && kiosk.policy.requireReview ? ['policy'] : [];
}

/** Why the result of a check should be looked at by a person. */
export function reviewReasons(regions: readonly Region[]): readonly ReviewReason[] {
  const reasons: ReviewReason[] = [];
  const unsure = regions.some(
    (r) =>
      r.origin === 'found' &&
      ((r.action === 'keep' && (r.textClass === 'unknown' || r.textClass === undefined)) ||
        (r.score !== undefined && r.score < unsureScore)),
  );
  if (unsure) reasons.push('unsure-text');
  if (regions.length > manyRegions) reasons.push('many-regions');
  return reasons;
}

export function queueChecks(ids: readonly InstanceId[]): void {
  if (ids.length === 0) return;
  for (const id of ids) queue.push(id);
  addSteps('checking', { done: 0, total: ids.length });
  void pump();
}

/** Looks again, for example after the text policy changed or the model failed before. Decisions of people stay. */
export function checkAgain(ids: readonly InstanceId[]): void {
  news.flush();
  const { decided, instances } = useApp.getState();
  const queued = new Set(queue);
  const fresh = ids.filter((id) => !queued.has(id) && !(decided.has(id) && instances.get(id)?.check === 'done'));
  const patches = new Map<InstanceId, InstancePatch>(
    fresh.map((id) => [id, { phase: 'checking', check: 'pending', review: [], problem: null, accepted: false }]),
  );
  useApp.getState().patchInstances(patches);
  queueChecks(fresh);
}

function takeNext(): InstanceId | undefined {
  const { currentId } = useApp.getState();
  const at = currentId === null ? -1 : queue.indexOf(currentId);
  return at > 0 ? queue.splice(at, 1)[0] : queue.shift();
}

async function pump(): Promise<void> {
  if (running >= atOnce() || useApp.getState().checksPaused) return;
  const id = takeNext();
  if (id === undefined) return;
  running++;
  if (queue.length > 0) void pump();
  try {
    await check(id);
  } finally {
    running--;
  }
  if (queue.length === 0 && running === 0) finish();
  else void pump();
}

async function check(id: InstanceId): Promise<void> {
  const input = fileOf(id);
  const session = sessionSignal();
  const hold = going.signal;
  const app = useApp.getState();
  if (!input || app.instances.get(id)?.phase === 'skipped') {
    addSteps('checking', { done: 1, total: 0 });
    return;
  }
  tell(id, { patch: { check: 'running' } });
  const { text, keep } = app.profile.pixels;
  const entry = app.instances.get(id);
  // Loaded when needed: that folder builds on this one.
  const priors = entry ? (await import('../redaction/templates')).priorsFor(entry) : [];
  const result = await getClient().detect(
    input,
    { frames: 'policy', policy: text, keep, overlays: keepsOverlays(app.profile), priors },
    { signal: AbortSignal.any([session, hold]), priority: 'soon' },
  );
  if (session.aborted) return;
  if (hold.aborted && !result.ok && result.code === 'cancelled') {
    queue.unshift(id);
    tell(id, { patch: { check: 'pending' } });
    return;
  }
  addSteps('checking', { done: 1, total: 0 });
  if (result.ok) {
    const review = [...reviewReasons(result.value), ...reviewAsked()];
    tell(id, {
      regions: result.value,
      patch: { check: 'done', review, phase: review.length > 0 ? 'review' : 'ready' },
    });
  } else {
    const problem = {
      code: result.code,
      message: result.message,
      ...(result.where !== undefined && { where: result.where }),
    };
    tell(id, { patch: { check: 'failed', review: ['check-failed', ...reviewAsked()], phase: 'review', problem } });
  }
}

function finish(): void {
  news.flush();
  settleSteps('checking');
  const state = useApp.getState();
  const found = Object.values(state.regions).filter((r) => r.length > 0).length;
  const waiting = [...state.instances.values()].filter((e) => e.phase === 'review' && !e.accepted).length;
  state.announce('live.checked', { found, waiting });
}

/** Stops the search for text at once, or lets it go on. What was being looked at begins anew then. */
export function pauseChecks(paused: boolean): void {
  useApp.getState().setJobs({ checksPaused: paused });
  if (paused) {
    going.abort();
    going = new AbortController();
  }
  if (!paused) for (let i = running; i < atOnce(); i++) void pump();
}

/** Resolves when these are checked, or at an abort: they come first from now on. */
export function checksDone(ids: ReadonlySet<InstanceId>, signal?: AbortSignal): Promise<void> {
  const waiting = () => {
    const { instances } = useApp.getState();
    return [...ids].some((id) => ['pending', 'running'].includes(instances.get(id)?.check ?? 'done'));
  };
  queue.sort((a, b) => Number(ids.has(b)) - Number(ids.has(a)));
  pauseChecks(false);
  return new Promise((resolve) => {
    if (!waiting()) {
      resolve();
      return;
    }
    const stop = useApp.subscribe(() => {
      if (!waiting()) end();
    });
    const end = (): void => {
      stop();
      signal?.removeEventListener('abort', end);
      resolve();
    };
    signal?.addEventListener('abort', end);
  });
}

export function dropChecks(): void {
  news.drop();
  queue.length = 0;
}
