import type { Profile } from '../../core/deid/profile';
import { keepsOverlays } from '../../core/deid/keeps-overlays';
import { isIncluded, useApp } from '../../store';
import { checkAgain, needsCheck } from '../session';
import { own } from './ready-profiles';

/** Puts a profile in force, as one step of the history. A different text policy means that images are looked at again. */
export function applyProfile(next: Profile): void {
  const app = useApp.getState();
  const before = app.profile.pixels;
  const overlays = keepsOverlays(next) !== keepsOverlays(app.profile);
  app.editProfile('edit.profile', own(next));
  const { policy, text, keep } = next.pixels;
  const sameText = text === before.text && JSON.stringify(keep) === JSON.stringify(before.keep);
  if (sameText && policy === before.policy && !overlays) return;
  const again = [...useApp.getState().instances.values()].filter((entry) => {
    if (!entry.summary || !isIncluded(entry) || !needsCheck(entry.summary)) return false;
    const changed = !sameText || (overlays && entry.summary.overlays);
    return entry.check === 'not-needed' || entry.check === 'failed' || changed;
  });
  checkAgain(again.map((e) => e.id));
}
