/** Going from image to image, in the order of the tree. */
import { currentEntry, stateOf, useApp, type InstanceEntry } from '../../store';
import { closedAbove } from './rows';
import { instancesInOrder, seriesOf } from './tree';
import { currentTree } from './use-tree';

/** Shows an Instance, and opens what it lies under in the tree, so that people see where they are. */
export function goTo(entry: InstanceEntry): void {
  const app = useApp.getState();
  const closed = closedAbove(currentTree(), entry, app);
  if (closed.length > 0) app.toggleNodes(closed);
  app.show(entry.id);
}

/** Shows the Instance so many places further, over all of the session. */
export function stepInstance(step: number): void {
  const app = useApp.getState();
  const all = instancesInOrder(currentTree());
  const at = all.findIndex((e) => e.id === app.currentId);
  const next = all[Math.min(all.length - 1, Math.max(0, at + step))];
  if (next) goTo(next);
}

/** Shows the first Instance of the next or previous series. */
export function stepSeries(step: 1 | -1): void {
  const app = useApp.getState();
  const all = currentTree().patients.flatMap((p) => p.studies.flatMap((s) => s.series));
  const at = all.findIndex((s) => s.instances.some((e) => e.id === app.currentId));
  const next = all[at + step]?.instances[0];
  if (next) goTo(next);
}

/** What the slider and the wheel go through: frames of a cine, or else the Instances of the series. */
export interface Stack {
  readonly kind: 'frames' | 'instances';
  readonly position: number;
  readonly length: number;
  readonly go: (position: number) => void;
}

export function stackOf(entry: InstanceEntry, frame: number): Stack {
  const frames = entry.summary?.pixels?.frames ?? 0;
  if (frames > 1) {
    return { kind: 'frames', position: frame, length: frames, go: (to) => useApp.getState().showFrame(to) };
  }
  const series = seriesOf(currentTree(), entry.id);
  return {
    kind: 'instances',
    position: series.findIndex((e) => e.id === entry.id),
    length: series.length,
    go: (to) => {
      const next = series[to];
      if (next) useApp.getState().show(next.id);
    },
  };
}

/** Moves along the stack, stopping at its ends. */
export function stepStack(step: number): void {
  const app = useApp.getState();
  const entry = currentEntry(app);
  if (!entry) return;
  const stack = stackOf(entry, app.frame);
  stack.go(Math.min(stack.length - 1, Math.max(0, stack.position + step)));
}

/** The next or previous Instance from the current one that waits for a person; wraps around. */
export function inReview(step: 1 | -1): InstanceEntry | null {
  const app = useApp.getState();
  const all = instancesInOrder(currentTree());
  const at = all.findIndex((e) => e.id === app.currentId);
  const turned = [...all.slice(at + 1), ...all.slice(0, Math.max(0, at))];
  const waits = (e: InstanceEntry) => stateOf(e) === 'review';
  return (step === 1 ? turned.find(waits) : turned.findLast(waits)) ?? null;
}
