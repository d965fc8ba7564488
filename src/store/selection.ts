import type { StateCreator } from 'zustand';
import type { AppState } from './index';
import type { InstanceId, StateKind } from './types';

/** Which of the Instances the tree shows. */
export type StateFilter = StateKind | 'all';

export interface SelectionSlice {
  readonly currentId: InstanceId | null;
  /** Frame of the current Instance, from 0. */
  readonly frame: number;
  readonly selectedRegionId: string | null;
  /** Keys of tree nodes whose open state differs from the default. */
  readonly toggled: ReadonlySet<string>;
  readonly search: string;
  readonly filter: StateFilter;
  readonly show: (id: InstanceId | null, frame?: number) => void;
  readonly showFrame: (frame: number) => void;
  readonly selectRegion: (id: string | null) => void;
  readonly toggleNode: (key: string) => void;
  readonly toggleNodes: (keys: readonly string[]) => void;
  readonly setSearch: (search: string) => void;
  readonly setFilter: (filter: StateFilter) => void;
}

export const createSelectionSlice: StateCreator<AppState, [], [], SelectionSlice> = (set, get) => ({
  currentId: null,
  frame: 0,
  selectedRegionId: null,
  toggled: new Set(),
  search: '',
  filter: 'all',
  show: (id, frame = 0) =>
    set((state) =>
      state.currentId === id && state.frame === frame ? state : { currentId: id, frame, selectedRegionId: null },
    ),
  showFrame: (frame) => set({ frame }),
  selectRegion: (id) => set({ selectedRegionId: id }),
  toggleNode: (key) => get().toggleNodes([key]),
  toggleNodes: (keys) =>
    set((state) => {
      const toggled = new Set(state.toggled);
      for (const key of keys) if (!toggled.delete(key)) toggled.add(key);
      return { toggled };
    }),
  setSearch: (search) => set({ search }),
  setFilter: (filter) => set({ filter }),
});
