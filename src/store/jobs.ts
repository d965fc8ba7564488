/** Work in progress: reading headers, looking for text, exporting. */
import type { StateCreator } from 'zustand';
import type { ExportOutcome, ExportProgress, ModelStatus } from '../client/types';
import type { AppState } from './index';

export interface Steps {
  readonly done: number;
  readonly total: number;
}

export const noSteps: Steps = { done: 0, total: 0 };

export type ExportState = 'idle' | 'running' | 'paused' | 'finished' | 'failed';

/** The finished export without its archive: that stays with the session. */
export type ExportResult = Omit<ExportOutcome, 'archive'> & {
  /** Name of the folder or file that a person chose; null for the ZIP that is saved as a download. */
  readonly destination: string | null;
  readonly hasArchive: boolean;
};

export interface JobsSlice {
  /** How many folders, drops or archives are being listed. */
  readonly collecting: number;
  readonly reading: Steps;
  readonly checking: Steps;
  /** A person holds the search for text. */
  readonly checksPaused: boolean;
  readonly exportState: ExportState;
  readonly exportProgress: ExportProgress | null;
  readonly exportResult: ExportResult | null;
  readonly exportFailure: { readonly code: string; readonly message: string } | null;
  /** An export that did not come to its end. `byItself`: its files can be opened again without being dropped again. */
  readonly interrupted: {
    readonly done: number;
    readonly total: number;
    readonly folder: string;
    readonly byItself: boolean;
  } | null;
  readonly model: ModelStatus;
  readonly setJobs: (patch: Partial<Omit<JobsSlice, 'setJobs'>>) => void;
}

export const idleJobs: Omit<JobsSlice, 'setJobs'> = {
  collecting: 0,
  reading: noSteps,
  checking: noSteps,
  checksPaused: false,
  exportState: 'idle',
  exportProgress: null,
  exportResult: null,
  exportFailure: null,
  interrupted: null,
  model: { state: 'idle' },
};

export const createJobsSlice: StateCreator<AppState, [], [], JobsSlice> = (set) => ({
  ...idleJobs,
  setJobs: (patch) => set(patch),
});
