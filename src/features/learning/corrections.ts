/** What people said of regions, read off the history of edits: a deleted find is no text, a drawn box and a find that stayed are. */
import type { Region } from '../../core/detect/types';
import type { SaidRegion } from '../../core/pipeline/types';
import type { Edit, InstanceId, Regions } from '../../store';

export interface SaidOfImage {
  readonly id: InstanceId;
  readonly frame: number;
  readonly regions: readonly SaidRegion[];
}

/** Images that are learnt from at a time: the ones corrected last. */
export const mostImages = 200;

/**
 * @param regions of every Instance as they are now
 * @param past the history: an Instance counts when regions of it were edited
 */
export function correctionsOf(regions: Regions, past: readonly Edit[]): readonly SaidOfImage[] {
  const deleted = new Map<InstanceId, Map<string, Region>>();
  for (const { patch } of past) {
    if (patch.kind !== 'regions') continue;
    for (const [id, before] of Object.entries(patch.before)) {
      const left = new Set((regions[id] ?? []).map((region) => region.id));
      const gone = deleted.get(id) ?? new Map<string, Region>();
      for (const region of before) if (region.origin === 'found' && !left.has(region.id)) gone.set(region.id, region);
      // Set anew, so that the order is that of the last edit.
      deleted.delete(id);
      deleted.set(id, gone);
    }
  }
  return [...deleted].slice(-mostImages).flatMap(([id, gone]) => {
    const said = [
      ...[...gone.values()].map((region) => ({ region, text: false })),
      ...(regions[id] ?? []).filter(({ origin }) => origin !== 'template').map((region) => ({ region, text: true })),
    ];
    return byFrame(said).map(([frame, list]) => ({ id, frame, regions: list }));
  });
}

/** A region of all frames is looked at in the first. */
function byFrame(
  said: readonly { readonly region: Region; readonly text: boolean }[],
): readonly (readonly [number, readonly SaidRegion[]])[] {
  const frames = new Map<number, SaidRegion[]>();
  for (const { region, text } of said) {
    const frame = region.frame === 'all' ? 0 : region.frame;
    const { x, y, width, height } = region;
    const list = frames.get(frame) ?? [];
    list.push({ rect: { x, y, width, height }, text });
    frames.set(frame, list);
  }
  return [...frames];
}
