/** From a finding of the gate to the place that it speaks of. */
import type { Finding } from '../../core/verify/types';
import { useApp, type InstanceId } from '../../store';

export type Place =
  | { readonly at: 'tag'; readonly path: string }
  | { readonly at: 'frame'; readonly frame: number }
  | { readonly at: 'image' };

/** Where a finding points: an attribute by its path, a frame by its number, or the image as a whole. */
export function placeOf({ check, where = '' }: Finding): Place {
  if (/^\([0-9a-f]{4},[0-9a-f]{4}\)/i.test(where)) return { at: 'tag', path: where };
  const frame = /^frame (\d+)$/.exec(where)?.[1];
  if (frame !== undefined) return { at: 'frame', frame: Number(frame) - 1 };
  return check.startsWith('pixel') ? { at: 'frame', frame: 0 } : { at: 'image' };
}

/** Shows the Instance with what the finding speaks of. */
export function goToFinding(id: InstanceId, finding: Finding): void {
  const app = useApp.getState();
  app.show(id);
  const place = placeOf(finding);
  switch (place.at) {
    case 'tag':
      app.setTab('tags');
      app.setTagPath(place.path);
      return;
    case 'frame':
      app.setTab('regions');
      app.showFrame(place.frame);
      return;
    case 'image':
      app.setTab('tags');
  }
}
