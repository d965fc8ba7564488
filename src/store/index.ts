/** The page's one store: bounded, made of slices, free of pixels and data sets. */
import { create } from 'zustand';
import { createEditsSlice, type EditsSlice } from './edits';
import { InstanceMap } from './instance-map';
import { createInstancesSlice, type InstancesSlice } from './instances';
import { createJobsSlice, idleJobs, type JobsSlice } from './jobs';
import { createSelectionSlice, type SelectionSlice } from './selection';
import { createUiSlice, type UiSlice } from './ui';
import { createViewSlice, defaultDisplay, type ViewSlice } from './view';
import type { InstanceEntry } from './types';

export type AppState = InstancesSlice & EditsSlice & SelectionSlice & ViewSlice & JobsSlice & UiSlice;

export const useApp = create<AppState>()((...a) => ({
  ...createInstancesSlice(...a),
  ...createEditsSlice(...a),
  ...createSelectionSlice(...a),
  ...createViewSlice(...a),
  ...createJobsSlice(...a),
  ...createUiSlice(...a),
}));

/** The Instance on the screen. */
export const currentEntry = (state: AppState): InstanceEntry | null =>
  state.currentId === null ? null : (state.instances.get(state.currentId) ?? null);

/** Forgets every file and everything decided about files. Profile, language and panels stay. */
export function forgetInstances(): void {
  useApp.setState({
    instances: InstanceMap.empty,
    regions: {},
    decided: new Set(),
    past: [],
    future: [],
    currentId: null,
    frame: 0,
    selectedRegionId: null,
    toggled: new Set(),
    search: '',
    filter: 'all',
    compare: 'before',
    display: defaultDisplay,
    playing: false,
    tagPath: null,
    messagesOpen: false,
    reviewScope: 'image',
    ...idleJobs,
  });
}

export type { Compare, Display, ToolName, VoiWindow } from './view';
export type { EditLabel, Edit, Regions } from './edits';
export type { InspectorTab, ReviewScope, DialogName, Notice, Settings, Theme, NarrowPanel } from './ui';
export type { ExportResult, ExportState, Steps } from './jobs';
export * from './types';
export type { StateFilter } from './selection';
