/** Edits of regions as people make them, each one step of the history. */
import type { Region } from '../../core/detect/types';
import type { Rect } from '../../core/pixels/types';
import { cachedFrame } from '../session';
import { currentEntry, isIncluded, useApp, type InstanceEntry, type InstanceId, type Regions } from '../../store';
import { moveRect, resizeRect, scaleRect, type Bounds } from './geometry';

let counter = 0;
export const newRegionId = (): string => `drawn-${++counter}`;

export const regionsOf = (id: InstanceId): readonly Region[] => useApp.getState().regions[id] ?? [];

export const covers = (region: Region, frame: number): boolean => region.frame === 'all' || region.frame === frame;

/** Size of an Instance's frames in pixels; of pages of different sizes the largest. */
export function boundsOf(entry: InstanceEntry): Bounds | null {
  const pixels = entry.summary?.pixels;
  return pixels ? { width: pixels.columns, height: pixels.rows } : null;
}

/** Size of the frame that is on the screen: a page of a TIFF may be smaller than the largest. */
function shownBounds(entry: InstanceEntry): Bounds | null {
  const frame = cachedFrame(entry.id, useApp.getState().frame);
  return frame ? { width: frame.width, height: frame.height } : boundsOf(entry);
}

const rectOf = ({ x, y, width, height }: Rect): Rect => ({ x, y, width, height });

/** Adds a box. On a cine it covers all frames: burned-in text mostly stands still, and too much is safer than too little. */
export function addRegion(id: InstanceId, rect: Rect): Region {
  const app = useApp.getState();
  const frames = app.instances.get(id)?.summary?.pixels?.frames ?? 1;
  const region: Region = {
    ...rectOf(rect),
    id: newRegionId(),
    origin: 'drawn',
    frame: frames > 1 ? 'all' : 0,
    action: 'redact',
  };
  app.editRegions('edit.region.add', { [id]: [...regionsOf(id), region] });
  app.selectRegion(region.id);
  app.announce('live.regionAdded');
  return region;
}

/** A box in the middle of the image, for those who draw with the keyboard. */
export function addRegionInMiddle(): void {
  const app = useApp.getState();
  const entry = currentEntry(app);
  const bounds = entry && shownBounds(entry);
  if (!entry || !bounds) return;
  const width = Math.max(1, Math.round(bounds.width / 4));
  const height = Math.max(1, Math.round(bounds.height / 12));
  addRegion(entry.id, {
    x: Math.round((bounds.width - width) / 2),
    y: Math.round((bounds.height - height) / 2),
    width,
    height,
  });
}

function changeRegion(id: InstanceId, regionId: string, change: (region: Region) => Region): readonly Region[] {
  return regionsOf(id).map((r) => (r.id === regionId ? change(r) : r));
}

export function placeRegion(
  id: InstanceId,
  regionId: string,
  rect: Rect,
  verb: 'move' | 'resize',
  merge = false,
): void {
  useApp
    .getState()
    .editRegions(
      verb === 'move' ? 'edit.region.move' : 'edit.region.resize',
      { [id]: changeRegion(id, regionId, (r) => ({ ...r, ...rectOf(rect) })) },
      merge ? `${verb}-${regionId}` : undefined,
    );
}

/** Moves or resizes the selected region with the keyboard; presses that follow each other are one step. */
export function nudgeRegion(dx: number, dy: number, resize: boolean): void {
  const app = useApp.getState();
  const entry = currentEntry(app);
  const bounds = entry && shownBounds(entry);
  const region = entry && regionsOf(entry.id).find((r) => r.id === app.selectedRegionId);
  if (!entry || !bounds || !region) return;
  const rect = resize
    ? resizeRect(region, 'se', Math.max(dx, 1 - region.width), Math.max(dy, 1 - region.height), bounds)
    : moveRect(region, dx, dy, bounds);
  placeRegion(entry.id, region.id, rect, resize ? 'resize' : 'move', true);
}

export function deleteRegion(id: InstanceId, regionId: string): void {
  const app = useApp.getState();
  const list = regionsOf(id);
  const at = list.findIndex((r) => r.id === regionId);
  if (at < 0) return;
  app.editRegions('edit.region.delete', { [id]: list.filter((r) => r.id !== regionId) });
  app.selectRegion(list[at + 1]?.id ?? list[at - 1]?.id ?? null);
  app.notify('notice.regionDeleted', { undo: true });
  app.announce('live.regionDeleted');
}

export function setAction(id: InstanceId, regionId: string, action: Region['action']): void {
  const app = useApp.getState();
  app.editRegions(action === 'keep' ? 'edit.region.keep' : 'edit.region.redact', {
    [id]: changeRegion(id, regionId, (r) => ({ ...r, action })),
  });
  app.announce(action === 'keep' ? 'live.regionKept' : 'live.regionRedacted');
}

export function toggleAction(id: InstanceId, regionId: string): void {
  const region = regionsOf(id).find((r) => r.id === regionId);
  if (region) setAction(id, regionId, region.action === 'keep' ? 'redact' : 'keep');
}

export function setAllActions(id: InstanceId, action: Region['action']): void {
  useApp.getState().editRegions(action === 'keep' ? 'edit.region.keep' : 'edit.region.redact', {
    [id]: regionsOf(id).map((r) => ({ ...r, action })),
  });
}

/** Puts a region on all frames, or on one. */
export function setFrames(id: InstanceId, regionId: string, frame: Region['frame']): void {
  const app = useApp.getState();
  app.editRegions('edit.region.frames', { [id]: changeRegion(id, regionId, (r) => ({ ...r, frame })) });
}

/** Which other Instances a copy goes to. */
export type CopyScope = 'series' | 'device';

export function copyTargets(from: InstanceEntry, scope: CopyScope): readonly InstanceEntry[] {
  const summary = from.summary;
  if (!summary) return [];
  return [...useApp.getState().instances.values()].filter((entry) => {
    const other = entry.summary;
    if (!other?.pixels || entry.id === from.id || !isIncluded(entry)) return false;
    if (scope === 'series') return other.series.key === summary.series.key && other.study.key === summary.study.key;
    return sameDevice(from, entry);
  });
}

/** Make, model and image size alike: burned-in text is then in the same places. */
export function sameDevice(a: InstanceEntry, b: InstanceEntry): boolean {
  const [one, two] = [a.summary, b.summary];
  if (!one?.pixels || !two?.pixels) return false;
  return (
    one.device.model !== '' &&
    one.device.manufacturer === two.device.manufacturer &&
    one.device.model === two.device.model &&
    one.pixels.columns === two.pixels.columns &&
    one.pixels.rows === two.pixels.rows
  );
}

/** Copies regions to the same place of other Instances. @returns how many Instances got one */
export function copyRegions(from: InstanceEntry, regionIds: readonly string[], scope: CopyScope): number {
  const bounds = boundsOf(from);
  const copied = regionsOf(from.id).filter((r) => regionIds.includes(r.id));
  if (!bounds || copied.length === 0) return 0;
  const changes: Record<InstanceId, readonly Region[]> = {};
  for (const target of copyTargets(from, scope)) {
    const to = boundsOf(target);
    if (!to) continue;
    changes[target.id] = [
      ...regionsOf(target.id),
      // The place alone: what it says there is not what it says here.
      ...copied.map((r): Region => ({
        ...scaleRect(r, bounds, to),
        id: newRegionId(),
        origin: 'drawn',
        frame: 'all',
        action: r.action,
      })),
    ];
  }
  const count = Object.keys(changes).length;
  if (count > 0) useApp.getState().editRegions('edit.region.copy', changes satisfies Regions);
  useApp.getState().notify('notice.regionsCopied', { values: { count }, undo: count > 0 });
  return count;
}
