/** The person's word on what waits: accept, take out, put back; for one image or for its whole series. */
import type { Finding } from '../../core/verify/types';
import { currentEntry, isIncluded, stateOf, useApp, type InstanceEntry, type ReviewScope } from '../../store';
import { t } from '../../locales';
import { sameDevice } from '../redaction/edits';
import { goTo, inReview } from '../studies/navigate';

/** Goes to the next image that waits; says so when there is none. */
export const goToNext = (): void => go(1);

/** Goes to the image before that waits. */
export const goToPrevious = (): void => go(-1);

function go(step: 1 | -1): void {
  const app = useApp.getState();
  // A word for many is meant for the image that it was said at.
  app.setReviewScope('image');
  const next = inReview(step);
  if (next) goTo(next);
  else app.notify('review.none');
}

/** Findings that stand between an Instance and its export. */
export const openFindings = (entry: InstanceEntry): readonly Finding[] =>
  (entry.outcome?.findings ?? []).filter((f) => f.severity !== 'note');

/** Whether a person's yes is enough: not when the gate found what nobody may let through. */
export const canAccept = (entry: InstanceEntry): boolean =>
  stateOf(entry) === 'review' && !openFindings(entry).some((f) => f.severity === 'block');

/** Accepting a finding of the gate needs a reason, which is written in the record. */
export const needsReason = (entry: InstanceEntry): boolean => openFindings(entry).length > 0;

export const reviewScopes: readonly ReviewScope[] = ['image', 'series', 'device'];

/** The Instances of a scope, the one on the screen first; of these a word counts for those that it can count for. */
export function inScope(entry: InstanceEntry, scope: ReviewScope): readonly InstanceEntry[] {
  if (scope === 'image') return [entry];
  const alike = scope === 'series' ? sameSeries : sameDevice;
  const others = [...useApp.getState().instances.values()].filter(
    (e) => e.id !== entry.id && isIncluded(e) && alike(entry, e),
  );
  return [entry, ...others];
}

/** Those that wait and need no reason of their own. */
export const acceptable = (entries: readonly InstanceEntry[]): readonly InstanceEntry[] =>
  entries.filter((e) => canAccept(e) && !needsReason(e));

/** Scopes that reach further than the one before, for this image. */
export function scopesOf(entry: InstanceEntry): readonly ReviewScope[] {
  let reached = 0;
  return reviewScopes.filter((scope) => {
    const count = inScope(entry, scope).length;
    const further = count > reached;
    reached = Math.max(reached, count);
    return further;
  });
}

/** Whether the bar over the image offers a word on it. */
export const isDecidable = (entry: InstanceEntry): boolean =>
  entry.summary !== null &&
  (entry.excluded || stateOf(entry) === 'review' || (stateOf(entry) === 'refused' && openFindings(entry).length > 0));

/** Goes to the next wider scope, and from the widest back to the image alone. */
export function nextScope(): void {
  const app = useApp.getState();
  const entry = currentEntry(app);
  if (!entry) return;
  const open = scopesOf(entry);
  const scope = open[(open.indexOf(app.reviewScope) + 1) % open.length] ?? 'image';
  app.setReviewScope(scope);
  const count = inScope(entry, scope).length;
  const words = t(`review.scope.${scope}`, { count });
  // Where no bar over the image shows it, nobody would know that the next word reaches further.
  if (isDecidable(entry)) app.announce(`review.scope.${scope}`, { count });
  else app.notify('review.scopeNow', { values: { scope: words } });
}

/** Accepts what is on the screen, as far as the scope reaches, and goes on to the next. Asks for a reason where one is needed. */
export function acceptCurrent(): void {
  const app = useApp.getState();
  const entry = currentEntry(app);
  if (!entry || stateOf(entry) !== 'review') return;
  if (!canAccept(entry)) {
    app.notify('review.blocked', { tone: 'error' });
    return;
  }
  if (needsReason(entry)) {
    app.openDialog('review');
    return;
  }
  const all = acceptable(inScope(entry, app.reviewScope));
  app.decide('edit.review.accept', new Map(all.map((e) => [e.id, { accepted: true }])));
  if (all.length > 1) app.notify('review.acceptedMany', { values: { count: all.length }, undo: true });
  app.announce('live.accepted');
  goToNext();
}

export function acceptWithReason(entry: InstanceEntry, reason: string): void {
  const app = useApp.getState();
  const letThrough = openFindings(entry).map((f) => ({
    check: f.check,
    reason,
    ...(f.where !== undefined && { where: f.where }),
  }));
  app.decide('edit.review.letThrough', new Map([[entry.id, { accepted: true, letThrough }]]));
  app.announce('live.accepted');
  goToNext();
}

/** Takes the image on the screen out of the export, or puts it back; with it all that the scope reaches. */
export function excludeCurrent(): void {
  const app = useApp.getState();
  const entry = currentEntry(app);
  if (!entry?.summary || entry.phase === 'skipped') return;
  const excluded = !entry.excluded;
  const wasWaiting = stateOf(entry) === 'review';
  // What was taken out is no target of a copy, but it is one of being put back.
  const others = excluded ? inScope(entry, app.reviewScope) : excludedAlike(entry, app.reviewScope);
  const all = others.filter((e) => e.excluded !== excluded);
  app.decide(excluded ? 'edit.review.takeOut' : 'edit.review.putBack', new Map(all.map((e) => [e.id, { excluded }])));
  app.notify(excluded ? 'review.takenOut' : 'review.putBack', { values: { count: all.length }, undo: true });
  if (excluded && wasWaiting) goToNext();
}

function excludedAlike(entry: InstanceEntry, scope: ReviewScope): readonly InstanceEntry[] {
  if (scope === 'image') return [entry];
  return [...useApp.getState().instances.values()].filter(
    (e) => e.excluded && (scope === 'device' ? e.id === entry.id || sameDevice(entry, e) : sameSeries(entry, e)),
  );
}

const sameSeries = (a: InstanceEntry, b: InstanceEntry): boolean =>
  a.summary?.series.key === b.summary?.series.key && a.summary?.study.key === b.summary?.study.key;
