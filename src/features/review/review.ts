/** The person's word on what waits: accept, take out, put back; for one image or for its whole series. */
import type { Finding } from '../../core/verify/types';
import { currentEntry, stateOf, useApp, type InstanceEntry } from '../../store';
import { currentTree, instancesInOrder, nextInReview } from '../studies';

export function waiting(): readonly InstanceEntry[] {
  return instancesInOrder(currentTree()).filter((e) => stateOf(e) === 'review');
}

/** Goes to the next image that waits; says so when there is none. */
export function goToNext(): void {
  const app = useApp.getState();
  const next = nextInReview();
  if (next) app.show(next.id);
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

/** Accepts what is on the screen and goes on to the next. Opens the question for a reason where one is needed. */
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
  app.decide('edit.review.accept', new Map([[entry.id, { accepted: true }]]));
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

/** Images of the same series that wait for the same reasons and need no reason of their own. */
export function alikeInSeries(entry: InstanceEntry): readonly InstanceEntry[] {
  const key = entry.summary?.series.key;
  return waiting().filter((e) => e.summary?.series.key === key && canAccept(e) && !needsReason(e));
}

export function acceptSeries(entry: InstanceEntry): void {
  const all = alikeInSeries(entry);
  const app = useApp.getState();
  app.decide('edit.review.accept', new Map(all.map((e) => [e.id, { accepted: true }])));
  app.notify('review.acceptedMany', { values: { count: all.length } });
  goToNext();
}

/** Takes the image on the screen out of the export, or puts it back. */
export function toggleExcluded(): void {
  const app = useApp.getState();
  const entry = currentEntry(app);
  if (!entry?.summary || entry.phase === 'skipped') return;
  const excluded = !entry.excluded;
  const wasWaiting = stateOf(entry) === 'review';
  app.decide(excluded ? 'edit.review.takeOut' : 'edit.review.putBack', new Map([[entry.id, { excluded }]]));
  app.notify(excluded ? 'review.takenOut' : 'review.putBack');
  if (excluded && wasWaiting) goToNext();
}
