/** The page itself: language, theme, panels, dialogs, what is said aloud. */
import type { StateCreator } from 'zustand';
import type { MessageKey, MessageValues } from '../locales';
import type { Locale } from '../locales/locale';
import type { AppState } from './index';
import type { KioskState } from './kiosk';

export type Theme = 'dark' | 'light';
export type InspectorTab = 'tags' | 'regions' | 'profile' | 'record';
export type DialogName =
  | 'export'
  | 'help'
  | 'palette'
  | 'proof'
  | 'close-session'
  | 'verify'
  | 'review'
  | 'templates'
  | 'learning'
  | 'cohort'
  | 'mask'
  | 'reidentify'
  | 'bundle'
  | 'unlock'
  | 'policy'
  | 'signing'
  | 'lookup';
export type ReviewScope = 'image' | 'series' | 'device';
/** Which of the three panels is on the screen where only one fits. */
export type NarrowPanel = 'studies' | 'viewer' | 'inspector';

export interface Notice {
  readonly id: number;
  readonly key: MessageKey;
  readonly values?: MessageValues;
  readonly tone: 'info' | 'error';
  readonly undo: boolean;
}

/** What is remembered between visits. Holds nothing of any file. */
export interface Settings {
  readonly locale: Locale;
  readonly theme: Theme;
  readonly studiesWidth: number;
  readonly inspectorWidth: number;
  readonly studiesOpen: boolean;
  readonly inspectorOpen: boolean;
  /** Shortcuts of one letter; off for those who dictate (WCAG 2.1.4). */
  readonly letterKeys: boolean;
}

export interface UiSlice {
  readonly settings: Settings;
  readonly tab: InspectorTab;
  readonly dialog: DialogName | null;
  readonly narrowPanel: NarrowPanel;
  /** How far a word in the review reaches: back to the image after each. */
  readonly reviewScope: ReviewScope;
  /** Messages about files stand open above the status bar. */
  readonly messagesOpen: boolean;
  readonly dropping: boolean;
  /** The policy of this machine and who is at it; null: there is none. */
  readonly kiosk: KioskState;
  readonly notices: readonly Notice[];
  /** The last thing said to screen readers. */
  readonly announcement: { readonly key: MessageKey; readonly values?: MessageValues; readonly n: number } | null;
  /** Element row of the tag diff that is looked at, as formatted path. */
  readonly tagPath: string | null;
  readonly setSettings: (patch: Partial<Settings>) => void;
  readonly setTab: (tab: InspectorTab) => void;
  readonly openDialog: (dialog: DialogName | null) => void;
  readonly setReviewScope: (scope: ReviewScope) => void;
  readonly setMessagesOpen: (open: boolean) => void;
  readonly setNarrowPanel: (panel: NarrowPanel) => void;
  readonly setDropping: (dropping: boolean) => void;
  readonly notify: (
    key: MessageKey,
    options?: { values?: MessageValues; tone?: 'info' | 'error'; undo?: boolean },
  ) => void;
  readonly dismiss: (id: number) => void;
  readonly announce: (key: MessageKey, values?: MessageValues) => void;
  readonly setTagPath: (path: string | null) => void;
}

export const studiesWidth = { min: 200, max: 520, initial: 288 };
export const inspectorWidth = { min: 280, max: 760, initial: 420 };

export const defaultSettings: Settings = {
  locale: 'en',
  theme: 'dark',
  studiesWidth: studiesWidth.initial,
  inspectorWidth: inspectorWidth.initial,
  studiesOpen: true,
  inspectorOpen: true,
  letterKeys: true,
};

let counter = 0;

export const createUiSlice: StateCreator<AppState, [], [], UiSlice> = (set) => ({
  settings: defaultSettings,
  tab: 'tags',
  dialog: null,
  narrowPanel: 'viewer',
  reviewScope: 'image',
  messagesOpen: false,
  dropping: false,
  kiosk: null,
  notices: [],
  announcement: null,
  tagPath: null,
  setSettings: (patch) => set((state) => ({ settings: { ...state.settings, ...patch } })),
  setTab: (tab) =>
    set((state) => ({ tab, narrowPanel: 'inspector', settings: { ...state.settings, inspectorOpen: true } })),
  openDialog: (dialog) => set({ dialog }),
  setReviewScope: (reviewScope) => set({ reviewScope }),
  setMessagesOpen: (messagesOpen) => set({ messagesOpen }),
  setNarrowPanel: (narrowPanel) => set({ narrowPanel }),
  setDropping: (dropping) => set({ dropping }),
  notify: (key, options = {}) =>
    set((state) => {
      const notice: Notice = {
        id: ++counter,
        key,
        tone: options.tone ?? 'info',
        undo: options.undo ?? false,
        ...(options.values !== undefined && { values: options.values }),
      };
      return { notices: [...state.notices.slice(-2), notice] };
    }),
  dismiss: (id) => set((state) => ({ notices: state.notices.filter((n) => n.id !== id) })),
  announce: (key, values) => set({ announcement: { key, n: ++counter, ...(values !== undefined && { values }) } }),
  setTagPath: (tagPath) => set({ tagPath }),
});
