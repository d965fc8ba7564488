/** How the image is looked at. The viewer applies this to cornerstone; nothing else does. */
import type { StateCreator } from 'zustand';
import type { AppState } from './index';

/** What the pointer does on the image. */
export type ToolName = 'window' | 'pan' | 'zoom' | 'region';

/** The image as it came, as it will leave, or both with a line between them. */
export type Compare = 'before' | 'after' | 'swipe';

export interface VoiWindow {
  readonly center: number;
  readonly width: number;
}

export interface Display {
  /** null: the one of the header, or the full range. */
  readonly window: VoiWindow | null;
  readonly invert: boolean;
  /** Degrees clockwise: 0, 90, 180, 270. */
  readonly rotation: number;
  /** Screen pixels (CSS) per image pixel; null: the image fits. */
  readonly scale: number | null;
  /** In CSS pixels at scale 1 of cornerstone: before rotation. */
  readonly pan: { readonly x: number; readonly y: number };
}

export const defaultDisplay: Display = { window: null, invert: false, rotation: 0, scale: null, pan: { x: 0, y: 0 } };

export interface ViewSlice {
  readonly tool: ToolName;
  readonly compare: Compare;
  /** Place of the swipe line, 0 to 1 of the stage's width. */
  readonly swipe: number;
  readonly display: Display;
  /** The scale at which the image on the screen fits: what `scale: null` comes to. */
  readonly fitScale: number;
  readonly showRegions: boolean;
  readonly playing: boolean;
  /** Frames per second of the cine. */
  readonly cineRate: number;
  readonly setTool: (tool: ToolName) => void;
  readonly setCompare: (compare: Compare) => void;
  readonly setSwipe: (swipe: number) => void;
  readonly setDisplay: (patch: Partial<Display>) => void;
  readonly resetDisplay: () => void;
  readonly setFitScale: (scale: number) => void;
  readonly setShowRegions: (show: boolean) => void;
  readonly setPlaying: (playing: boolean) => void;
  readonly setCineRate: (rate: number) => void;
}

export const createViewSlice: StateCreator<AppState, [], [], ViewSlice> = (set) => ({
  tool: 'window',
  compare: 'before',
  swipe: 0.5,
  display: defaultDisplay,
  fitScale: 1,
  showRegions: true,
  playing: false,
  cineRate: 15,
  setTool: (tool) => set({ tool }),
  setCompare: (compare) => set({ compare }),
  setSwipe: (swipe) => set({ swipe: Math.min(1, Math.max(0, swipe)) }),
  setDisplay: (patch) => set((state) => ({ display: { ...state.display, ...patch } })),
  resetDisplay: () => set({ display: defaultDisplay }),
  setFitScale: (fitScale) => set((state) => (state.fitScale === fitScale ? state : { fitScale })),
  setShowRegions: (showRegions) => set({ showRegions }),
  setPlaying: (playing) => set({ playing }),
  setCineRate: (cineRate) => set({ cineRate: Math.min(60, Math.max(1, Math.round(cineRate))) }),
});
