/** What was learnt at an earlier visit. Apart from the rest, so that the page asks for it without loading any of that. */
import { readHead, type LearntHead } from '../../core/detect/verifier/head-file';
import { useApp } from '../../store';

/** In the browser's storage, beside the settings of the page. */
export const learntKey = 'lethe-region-verifier';

/** null: nothing was learnt, or this machine has a policy and keeps nothing. */
export function restoreLearnt(): LearntHead | null {
  if (useApp.getState().kiosk !== null) return null;
  try {
    const stored = localStorage.getItem(learntKey);
    return stored === null ? null : readHead(stored);
  } catch {
    return null;
  }
}
