/**
 * Everything that can be done, once: the palette lists it, the keyboard reaches it, `?` shows it, menus name it.
 * Keys are written as 'Mod+Shift+Z': Mod is Ctrl, or Command on a Mac.
 */
import { currentEntry, isExportable, stateOf, useApp, type AppState } from '../store';
import { locales } from '../locales/locale';
import { tabs } from './inspector-tabs';
import { openSamples, pickFiles, pickFolder } from '../features/import';
import { applyProfile, readyNames, readyProfiles } from '../features/profile';
import { addRegionInMiddle, deleteRegion, nudgeRegion, toggleAction } from '../features/redaction';
import { acceptCurrent, goToNext, toggleExcluded } from '../features/review';
import { cancelExport, pauseExport, resumeExport } from '../features/session';
import { stepInstance, stepSeries, stepStack } from '../features/studies';
import type { MessageKey } from '../locales';

export type CommandGroup = 'file' | 'go' | 'view' | 'region' | 'review' | 'profile' | 'page';

export interface Command {
  readonly id: string;
  readonly label: MessageKey;
  readonly group: CommandGroup;
  readonly keys?: readonly string[];
  /** Can be done now. Default: always. */
  readonly enabled?: (state: AppState) => boolean;
  /** Left out of the palette: it only makes sense as a key. */
  readonly keyOnly?: boolean;
  readonly perform: () => void;
}

const app = () => useApp.getState();
const hasImage = (s: AppState) => (currentEntry(s)?.summary?.pixels ?? null) !== null;
const hasEntry = (s: AppState) => s.currentId !== null;
const hasRegion = (s: AppState) => s.selectedRegionId !== null && s.currentId !== null;
const hasAny = (s: AppState) => s.instances.size > 0;
const isRunning = (s: AppState) => s.exportState === 'running' || s.exportState === 'paused';
const inReview = (s: AppState) => {
  const entry = currentEntry(s);
  return entry !== null && stateOf(entry) === 'review';
};

const withRegion = (perform: (id: string, regionId: string) => void) => () => {
  const { currentId, selectedRegionId } = app();
  if (currentId !== null && selectedRegionId !== null) perform(currentId, selectedRegionId);
};

function stepRegion(step: 1 | -1): void {
  const s = app();
  if (s.currentId === null) return;
  const list = s.regions[s.currentId] ?? [];
  const at = list.findIndex((r) => r.id === s.selectedRegionId);
  const next = list[(at + step + list.length) % list.length];
  if (!next) return;
  if (next.frame !== 'all') s.showFrame(next.frame);
  s.selectRegion(next.id);
}

function focusOn(selector: string): void {
  requestAnimationFrame(() => document.querySelector<HTMLElement>(selector)?.focus());
}

export const commands: readonly Command[] = [
  {
    id: 'open-folder',
    label: 'command.openFolder',
    group: 'file',
    keys: ['Mod+Shift+O'],
    perform: () => void pickFolder(),
  },
  { id: 'open-files', label: 'command.openFiles', group: 'file', keys: ['Mod+O'], perform: () => void pickFiles() },
  { id: 'open-sample', label: 'command.openSample', group: 'file', perform: () => void openSamples() },
  {
    id: 'export',
    label: 'command.export',
    group: 'file',
    keys: ['Mod+E'],
    enabled: (s) => [...s.instances.values()].some(isExportable),
    perform: () => app().openDialog('export'),
  },
  {
    id: 'pause',
    label: 'command.pause',
    group: 'file',
    enabled: isRunning,
    perform: () => (app().exportState === 'paused' ? resumeExport() : pauseExport()),
  },
  { id: 'cancel-export', label: 'command.cancelExport', group: 'file', enabled: isRunning, perform: cancelExport },
  {
    id: 'problems',
    label: 'command.problems',
    group: 'file',
    enabled: hasAny,
    perform: () => app().openDialog('problems'),
  },
  {
    id: 'close',
    label: 'command.close',
    group: 'file',
    enabled: hasAny,
    perform: () => app().openDialog('close-session'),
  },

  {
    id: 'next',
    label: 'command.next',
    group: 'go',
    keys: ['ArrowDown'],
    enabled: hasEntry,
    perform: () => stepStack(1),
  },
  {
    id: 'previous',
    label: 'command.previous',
    group: 'go',
    keys: ['ArrowUp'],
    enabled: hasEntry,
    perform: () => stepStack(-1),
  },
  {
    id: 'next-10',
    label: 'command.next10',
    group: 'go',
    keys: ['PageDown'],
    enabled: hasEntry,
    perform: () => stepStack(10),
  },
  {
    id: 'previous-10',
    label: 'command.previous10',
    group: 'go',
    keys: ['PageUp'],
    enabled: hasEntry,
    perform: () => stepStack(-10),
  },
  {
    id: 'next-instance',
    label: 'command.nextInstance',
    group: 'go',
    keys: [']'],
    enabled: hasEntry,
    perform: () => stepInstance(1),
  },
  {
    id: 'previous-instance',
    label: 'command.previousInstance',
    group: 'go',
    keys: ['['],
    enabled: hasEntry,
    perform: () => stepInstance(-1),
  },
  {
    id: 'next-series',
    label: 'command.nextSeries',
    group: 'go',
    keys: ['Shift+ArrowDown'],
    enabled: hasEntry,
    perform: () => stepSeries(1),
  },
  {
    id: 'previous-series',
    label: 'command.previousSeries',
    group: 'go',
    keys: ['Shift+ArrowUp'],
    enabled: hasEntry,
    perform: () => stepSeries(-1),
  },
  {
    id: 'search',
    label: 'command.search',
    group: 'go',
    keys: ['/'],
    enabled: hasAny,
    perform: () => focusOn('#studies-search'),
  },
  {
    id: 'search-tags',
    label: 'command.searchTags',
    group: 'go',
    keys: ['Shift+T'],
    enabled: hasEntry,
    perform: () => {
      app().setTab('tags');
      focusOn('#tags-search');
    },
  },
  {
    id: 'focus-image',
    label: 'command.focusImage',
    group: 'go',
    keys: ['G'],
    enabled: hasEntry,
    perform: () => focusOn('[data-testid="stage"]'),
  },

  {
    id: 'tool-window',
    label: 'tool.window',
    group: 'view',
    keys: ['W'],
    enabled: hasImage,
    perform: () => app().setTool('window'),
  },
  {
    id: 'tool-pan',
    label: 'tool.pan',
    group: 'view',
    keys: ['P'],
    enabled: hasImage,
    perform: () => app().setTool('pan'),
  },
  {
    id: 'tool-zoom',
    label: 'tool.zoom',
    group: 'view',
    keys: ['Z'],
    enabled: hasImage,
    perform: () => app().setTool('zoom'),
  },
  {
    id: 'tool-region',
    label: 'tool.region',
    group: 'view',
    keys: ['B'],
    enabled: hasImage,
    perform: () => app().setTool('region'),
  },
  {
    id: 'invert',
    label: 'viewer.invert',
    group: 'view',
    keys: ['I'],
    enabled: hasImage,
    perform: () => app().setDisplay({ invert: !app().display.invert }),
  },
  {
    id: 'rotate',
    label: 'viewer.rotate',
    group: 'view',
    keys: ['R'],
    enabled: hasImage,
    perform: () => app().setDisplay({ rotation: (app().display.rotation + 90) % 360 }),
  },
  {
    id: 'fit',
    label: 'viewer.fit',
    group: 'view',
    keys: ['F'],
    enabled: hasImage,
    perform: () => app().setDisplay({ scale: null, pan: { x: 0, y: 0 } }),
  },
  {
    id: 'actual',
    label: 'viewer.actualSize',
    group: 'view',
    keys: ['1'],
    enabled: hasImage,
    perform: () => app().setDisplay({ scale: 1, pan: { x: 0, y: 0 } }),
  },
  {
    id: 'zoom-in',
    label: 'command.zoomIn',
    group: 'view',
    keys: ['+', '='],
    enabled: hasImage,
    perform: () => zoomBy(1.25),
  },
  {
    id: 'zoom-out',
    label: 'command.zoomOut',
    group: 'view',
    keys: ['-'],
    enabled: hasImage,
    perform: () => zoomBy(0.8),
  },
  {
    id: 'reset-view',
    label: 'viewer.reset',
    group: 'view',
    keys: ['0'],
    enabled: hasImage,
    perform: () => app().resetDisplay(),
  },
  {
    id: 'play',
    label: 'command.play',
    group: 'view',
    keys: ['Space'],
    enabled: (s) => (currentEntry(s)?.summary?.pixels?.frames ?? 0) > 1,
    perform: () => app().setPlaying(!app().playing),
  },
  {
    id: 'compare',
    label: 'command.compare',
    group: 'view',
    keys: ['C'],
    enabled: hasImage,
    perform: () => app().setCompare(app().compare === 'after' ? 'before' : 'after'),
  },
  {
    id: 'swipe',
    label: 'command.swipe',
    group: 'view',
    keys: ['Shift+C'],
    enabled: hasImage,
    perform: () => app().setCompare(app().compare === 'swipe' ? 'before' : 'swipe'),
  },
  {
    id: 'show-regions',
    label: 'viewer.showRegions',
    group: 'view',
    keys: ['H'],
    enabled: hasImage,
    perform: () => app().setShowRegions(!app().showRegions),
  },

  {
    id: 'undo',
    label: 'edit.undo',
    group: 'region',
    keys: ['Mod+Z'],
    enabled: (s) => s.past.length > 0,
    perform: () => app().undo(),
  },
  {
    id: 'redo',
    label: 'edit.redo',
    group: 'region',
    keys: ['Mod+Shift+Z', 'Mod+Y'],
    enabled: (s) => s.future.length > 0,
    perform: () => app().redo(),
  },
  {
    id: 'region-add',
    label: 'regions.add',
    group: 'region',
    keys: ['Shift+B'],
    enabled: hasImage,
    perform: addRegionInMiddle,
  },
  {
    id: 'region-next',
    label: 'command.nextRegion',
    group: 'region',
    keys: ['.'],
    enabled: hasImage,
    perform: () => stepRegion(1),
  },
  {
    id: 'region-previous',
    label: 'command.previousRegion',
    group: 'region',
    keys: [','],
    enabled: hasImage,
    perform: () => stepRegion(-1),
  },
  {
    id: 'region-delete',
    label: 'command.deleteRegion',
    group: 'region',
    keys: ['Delete', 'Backspace'],
    enabled: hasRegion,
    perform: withRegion(deleteRegion),
  },
  {
    id: 'region-toggle',
    label: 'command.toggleRegion',
    group: 'region',
    keys: ['K'],
    enabled: hasRegion,
    perform: withRegion(toggleAction),
  },
  {
    id: 'region-unselect',
    label: 'command.unselect',
    group: 'region',
    keys: ['Escape'],
    enabled: hasRegion,
    keyOnly: true,
    perform: () => app().selectRegion(null),
  },
  ...(['Left', 'Right', 'Up', 'Down'] as const).flatMap((side): Command[] => {
    const dx = { Left: -1, Right: 1, Up: 0, Down: 0 }[side];
    const dy = { Left: 0, Right: 0, Up: -1, Down: 1 }[side];
    const key = `Arrow${side}`;
    const common = { group: 'region', enabled: hasRegion, keyOnly: true } as const;
    return [
      {
        ...common,
        id: `nudge-${side}`,
        label: 'command.nudge',
        keys: [key],
        perform: () => nudgeRegion(dx, dy, false),
      },
      {
        ...common,
        id: `nudge-far-${side}`,
        label: 'command.nudgeFar',
        keys: [`Shift+${key}`],
        perform: () => nudgeRegion(dx * 10, dy * 10, false),
      },
      {
        ...common,
        id: `grow-${side}`,
        label: 'command.grow',
        keys: [`Alt+${key}`],
        perform: () => nudgeRegion(dx, dy, true),
      },
      {
        ...common,
        id: `grow-far-${side}`,
        label: 'command.growFar',
        keys: [`Alt+Shift+${key}`],
        perform: () => nudgeRegion(dx * 10, dy * 10, true),
      },
    ];
  }),

  { id: 'review-next', label: 'review.next', group: 'review', keys: ['N'], enabled: hasAny, perform: goToNext },
  {
    id: 'review-accept',
    label: 'review.accept',
    group: 'review',
    keys: ['A'],
    enabled: inReview,
    perform: acceptCurrent,
  },
  {
    id: 'review-exclude',
    label: 'command.exclude',
    group: 'review',
    keys: ['X'],
    enabled: hasEntry,
    perform: toggleExcluded,
  },
  { id: 'templates', label: 'regions.templates', group: 'review', perform: () => app().openDialog('templates') },

  ...readyNames.map((name): Command => ({
    id: `profile-${name}`,
    label: `command.profile.${name}`,
    group: 'profile',
    perform: () => applyProfile(readyProfiles[name]),
  })),

  ...tabs.map((tab, i): Command => ({
    id: `tab-${tab}`,
    label: `command.tab.${tab}`,
    group: 'page',
    keys: [`Alt+${i + 1}`],
    enabled: hasAny,
    perform: () => {
      app().setTab(tab);
      focusOn(`#inspector-tab-${tab}`);
    },
  })),
  {
    id: 'toggle-studies',
    label: 'command.toggleStudies',
    group: 'page',
    keys: ['Mod+B'],
    enabled: hasAny,
    perform: () => app().setSettings({ studiesOpen: !app().settings.studiesOpen }),
  },
  {
    id: 'toggle-inspector',
    label: 'command.toggleInspector',
    group: 'page',
    keys: ['Mod+J'],
    enabled: hasAny,
    perform: () => app().setSettings({ inspectorOpen: !app().settings.inspectorOpen }),
  },
  {
    id: 'theme',
    label: 'command.theme',
    group: 'page',
    keys: ['Shift+D'],
    perform: () => app().setSettings({ theme: app().settings.theme === 'dark' ? 'light' : 'dark' }),
  },
  {
    id: 'language',
    label: 'command.language',
    group: 'page',
    perform: () => {
      const { settings, setSettings } = app();
      const next = locales[(locales.indexOf(settings.locale) + 1) % locales.length];
      if (next) setSettings({ locale: next });
    },
  },
  { id: 'proof', label: 'command.proof', group: 'page', perform: () => app().openDialog('proof') },
  { id: 'help', label: 'command.help', group: 'page', keys: ['?', 'F1'], perform: () => app().openDialog('help') },
  {
    id: 'palette',
    label: 'command.palette',
    group: 'page',
    keys: ['Mod+K'],
    perform: () => app().openDialog('palette'),
  },
];

function zoomBy(factor: number): void {
  const { display, fitScale, setDisplay } = app();
  setDisplay({ scale: Math.min(64, Math.max(0.02, (display.scale ?? fitScale) * factor)) });
}

export const commandGroups: readonly CommandGroup[] = ['file', 'go', 'view', 'region', 'review', 'profile', 'page'];
