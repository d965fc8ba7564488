/**
 * What people decide: regions of every Instance, the profile with its per-tag overrides, and their word on what waits. Every edit is one step of one
 * history, so that undo takes back what was done last, wherever it was done.
 */
import type { StateCreator } from 'zustand';
import { basicProfile, type Profile } from '../core/deid/profile';
import type { Region } from '../core/detect/types';
import { lessens } from '../core/kiosk/lessens';
import type { AppState } from './index';
import { patched } from './instances';
import { permitted } from './kiosk';
import type { Decision, InstanceEntry, InstanceId } from './types';

/** Names of edits, for "Undo: …". Each has a sentence in the catalogues. */
export type EditLabel =
  | 'edit.region.add'
  | 'edit.region.move'
  | 'edit.region.resize'
  | 'edit.region.delete'
  | 'edit.region.keep'
  | 'edit.region.redact'
  | 'edit.region.copy'
  | 'edit.region.frames'
  | 'edit.region.template'
  | 'edit.tag.override'
  | 'edit.tag.clear'
  | 'edit.profile'
  | 'edit.review.accept'
  | 'edit.review.letThrough'
  | 'edit.review.takeOut'
  | 'edit.review.putBack';

export type Regions = Readonly<Record<InstanceId, readonly Region[]>>;

interface RegionsPatch {
  readonly kind: 'regions';
  readonly before: Regions;
  readonly after: Regions;
  /** Instances that had not been decided by a person before this edit. */
  readonly newlyDecided: readonly InstanceId[];
}

interface ProfilePatch {
  readonly kind: 'profile';
  readonly before: Profile;
  readonly after: Profile;
}

/** What people said of Instances: accepted, let through with a reason, taken out. */
export type Decisions = Readonly<Record<InstanceId, Decision>>;

interface ReviewPatch {
  readonly kind: 'review';
  readonly before: Decisions;
  readonly after: Decisions;
}

export interface Edit {
  readonly label: EditLabel;
  readonly patch: RegionsPatch | ProfilePatch | ReviewPatch;
  /** Edits with the same key that follow each other are one step (arrow keys that nudge a region). */
  readonly mergeKey?: string;
}

/** Steps that are kept; the oldest go first. */
export const historyLimit = 500;

export interface EditsSlice {
  readonly regions: Regions;
  /** Instances whose regions a person touched: what they say is what is redacted. */
  readonly decided: ReadonlySet<InstanceId>;
  readonly profile: Profile;
  readonly past: readonly Edit[];
  readonly future: readonly Edit[];
  /**
   * Regions found by the detector: no edit, nothing to undo. Where a person already drew before the check was done, what was
   * found joins what they drew, in the history too: undoing their box must not take the found ones away.
   */
  readonly setFoundRegions: (found: ReadonlyMap<InstanceId, readonly Region[]>) => void;
  readonly editRegions: (label: EditLabel, changes: Regions, mergeKey?: string) => void;
  readonly editProfile: (label: EditLabel, profile: Profile) => void;
  readonly decide: (label: EditLabel, decisions: ReadonlyMap<InstanceId, Partial<Decision>>) => void;
  readonly undo: () => Edit | null;
  readonly redo: () => Edit | null;
}

export const createEditsSlice: StateCreator<AppState, [], [], EditsSlice> = (set, get) => ({
  regions: {},
  decided: new Set(),
  profile: basicProfile,
  past: [],
  future: [],
  setFoundRegions: (found) =>
    set((state) => {
      const regions = { ...state.regions };
      const late = new Map<InstanceId, readonly Region[]>();
      for (const [id, list] of found) {
        if (state.decided.has(id)) late.set(id, list);
        regions[id] = state.decided.has(id) ? [...list, ...(state.regions[id] ?? [])] : list;
      }
      if (late.size === 0) return { regions };
      return { regions, past: withFound(state.past, late), future: withFound(state.future, late) };
    }),
  editRegions: (label, changes, mergeKey) => {
    if (!mayChange(get(), changes)) return;
    set((state) => {
      const ids = Object.keys(changes);
      const before = Object.fromEntries(ids.map((id) => [id, state.regions[id] ?? []]));
      const patch: RegionsPatch = {
        kind: 'regions',
        before,
        after: changes,
        newlyDecided: ids.filter((id) => !state.decided.has(id)),
      };
      return {
        regions: { ...state.regions, ...changes },
        decided: new Set([...state.decided, ...ids]),
        ...pushed(state.past, { label, patch, ...(mergeKey !== undefined && { mergeKey }) }),
      };
    });
  },
  editProfile: (label, profile) => {
    if (!permitted(get(), 'change-profile')) return;
    set((state) => ({
      profile,
      ...pushed(state.past, { label, patch: { kind: 'profile', before: state.profile, after: profile } }),
    }));
  },
  decide: (label, decisions) => {
    const wanted = [...decisions.values()];
    if (wanted.some((d) => (d.letThrough ?? []).length > 0) && !permitted(get(), 'accept-finding')) return;
    if (wanted.some((d) => d.excluded !== undefined) && !permitted(get(), 'exclude')) return;
    set((state) => {
      const before: Record<InstanceId, Decision> = {};
      const after: Record<InstanceId, Decision> = {};
      for (const [id, change] of decisions) {
        const entry = state.instances.get(id);
        if (!entry) continue;
        before[id] = decisionOf(entry);
        after[id] = { ...decisionOf(entry), ...change };
      }
      return {
        instances: withDecisions(state, after),
        ...pushed(state.past, { label, patch: { kind: 'review', before, after } }),
      };
    });
  },
  undo: () => {
    const edit = get().past.at(-1);
    if (!edit) return null;
    set((state) => ({
      ...taken(state, edit.patch),
      past: state.past.slice(0, -1),
      future: [...state.future, edit],
      // What they offer to take back may just have been.
      notices: state.notices.filter((n) => !n.undo),
    }));
    return edit;
  },
  redo: () => {
    const edit = get().future.at(-1);
    if (!edit) return null;
    set((state) => ({
      ...made(state, edit.patch),
      past: [...state.past, edit],
      future: state.future.slice(0, -1),
    }));
    return edit;
  },
});

/** On a kiosk an operator may make more unreadable, never less. */
const mayChange = (state: AppState, changes: Regions): boolean =>
  permitted(state, 'edit-regions') &&
  (!Object.entries(changes).some(([id, after]) => lessens(state.regions[id] ?? [], after)) ||
    permitted(state, 'keep-text'));

/** The state without the step. */
function taken(state: AppState, patch: Edit['patch']): Partial<AppState> {
  switch (patch.kind) {
    case 'regions':
      return {
        regions: { ...state.regions, ...patch.before },
        decided: without(state.decided, patch.newlyDecided),
      };
    case 'profile':
      return { profile: patch.before };
    case 'review':
      return { instances: withDecisions(state, patch.before) };
  }
}

/** The state with the step. */
function made(state: AppState, patch: Edit['patch']): Partial<AppState> {
  switch (patch.kind) {
    case 'regions':
      return {
        regions: { ...state.regions, ...patch.after },
        decided: new Set([...state.decided, ...Object.keys(patch.after)]),
      };
    case 'profile':
      return { profile: patch.after };
    case 'review':
      return { instances: withDecisions(state, patch.after) };
  }
}

const decisionOf = ({ accepted, letThrough, excluded }: InstanceEntry): Decision => ({
  accepted,
  letThrough,
  excluded,
});

const withDecisions = (state: AppState, decisions: Decisions): ReadonlyMap<InstanceId, InstanceEntry> =>
  patched(state.instances, Object.entries(decisions));

/** The history with one more step, merged into the last one where both say so. */
function pushed(past: readonly Edit[], edit: Edit): { past: readonly Edit[]; future: readonly Edit[] } {
  const last = past.at(-1);
  if (
    edit.mergeKey !== undefined &&
    last?.mergeKey === edit.mergeKey &&
    last.patch.kind === 'regions' &&
    edit.patch.kind === 'regions'
  ) {
    const merged: Edit = {
      ...edit,
      patch: { ...edit.patch, before: last.patch.before, newlyDecided: last.patch.newlyDecided },
    };
    return { past: [...past.slice(0, -1), merged], future: [] };
  }
  return { past: [...past, edit].slice(-historyLimit), future: [] };
}

/** The history as it would be had these regions been found before. */
function withFound(edits: readonly Edit[], found: ReadonlyMap<InstanceId, readonly Region[]>): readonly Edit[] {
  const join = (regions: Regions): Regions =>
    Object.fromEntries(Object.entries(regions).map(([id, list]) => [id, [...(found.get(id) ?? []), ...list]]));
  return edits.map((edit) =>
    edit.patch.kind === 'regions'
      ? { ...edit, patch: { ...edit.patch, before: join(edit.patch.before), after: join(edit.patch.after) } }
      : edit,
  );
}

function without<T>(set: ReadonlySet<T>, items: readonly T[]): ReadonlySet<T> {
  const next = new Set(set);
  for (const item of items) next.delete(item);
  return next;
}
