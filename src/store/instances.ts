import type { StateCreator } from 'zustand';
import type { AppState } from './index';
import { InstanceMap } from './instance-map';
import type { InstanceEntry, InstanceId, InstancePatch } from './types';

export interface InstancesSlice {
  /** In the order in which they were dropped. */
  readonly instances: ReadonlyMap<InstanceId, InstanceEntry>;
  readonly addInstances: (entries: readonly InstanceEntry[]) => void;
  /** Changes many at once: a batch's news come in bundles, so that the page is drawn anew a few times a second at most. */
  readonly patchInstances: (patches: ReadonlyMap<InstanceId, InstancePatch>) => void;
  readonly patchInstance: (id: InstanceId, patch: InstancePatch) => void;
}

export const createInstancesSlice: StateCreator<AppState, [], [], InstancesSlice> = (set) => ({
  instances: InstanceMap.empty,
  addInstances: (entries) => set((state) => ({ instances: InstanceMap.of(state.instances).with(entries) })),
  patchInstances: (patches) => set((state) => ({ instances: patched(state.instances, patches) })),
  patchInstance: (id, patch) => set((state) => ({ instances: patched(state.instances, new Map([[id, patch]])) })),
});

/** The Instances with what is new of some of them; what is gone is not heard of again. */
export function patched(
  instances: ReadonlyMap<InstanceId, InstanceEntry>,
  patches: Iterable<readonly [InstanceId, InstancePatch]>,
): ReadonlyMap<InstanceId, InstanceEntry> {
  const next: InstanceEntry[] = [];
  for (const [id, patch] of patches) {
    const entry = instances.get(id);
    if (entry) next.push({ ...entry, ...patch });
  }
  return InstanceMap.of(instances).with(next);
}
