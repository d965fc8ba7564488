import type { StateCreator } from 'zustand';
import type { AppState } from './index';
import type { InstanceEntry, InstanceId, InstancePatch } from './types';

export interface InstancesSlice {
  /** In the order in which they were dropped. */
  readonly instances: ReadonlyMap<InstanceId, InstanceEntry>;
  readonly addInstances: (entries: readonly InstanceEntry[]) => void;
  /** Changes many at once: a batch's news come in bundles, so that a list of 100,000 is copied a few times a second at most. */
  readonly patchInstances: (patches: ReadonlyMap<InstanceId, InstancePatch>) => void;
  readonly patchInstance: (id: InstanceId, patch: InstancePatch) => void;
}

export const createInstancesSlice: StateCreator<AppState, [], [], InstancesSlice> = (set) => ({
  instances: new Map(),
  addInstances: (entries) =>
    set((state) => {
      const instances = new Map(state.instances);
      for (const entry of entries) instances.set(entry.id, entry);
      return { instances };
    }),
  patchInstances: (patches) => set((state) => ({ instances: patched(state.instances, patches) })),
  patchInstance: (id, patch) => set((state) => ({ instances: patched(state.instances, new Map([[id, patch]])) })),
});

function patched(
  instances: ReadonlyMap<InstanceId, InstanceEntry>,
  patches: ReadonlyMap<InstanceId, InstancePatch>,
): ReadonlyMap<InstanceId, InstanceEntry> {
  const next = new Map(instances);
  for (const [id, patch] of patches) {
    const entry = next.get(id);
    if (entry) next.set(id, { ...entry, ...patch });
  }
  return next;
}
