import type { Profile } from './profile';

/** Whether overlays stay: only by a user's own decision on Overlay Data, since no profile keeps them. */
export function keepsOverlays({ overrides }: Profile): boolean {
  return overrides.some(({ tag, action }) => action === 'K' && /^60(xx|[0-9a-f]{2})3000$/i.test(tag));
}
