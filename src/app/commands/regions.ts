import { addRegionInMiddle, deleteRegion, nudgeRegion, toggleAction } from '../../features/redaction/edits';
import type { AppState } from '../../store';
import { app, hasImage, type Command } from './command';

const hasRegion = (s: AppState) => s.selectedRegionId !== null && s.currentId !== null;

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

/** Arrows move the selected region, with Alt they resize it, with Shift in tens of pixels. */
const nudges = (['Left', 'Right', 'Up', 'Down'] as const).flatMap((side): Command[] => {
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
});

export const regionCommands: readonly Command[] = [
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
  ...nudges,
];
