/** Whether an edit of regions makes less unreadable than was found: an operator may add, not take away. */
import type { Region } from '../detect/types';

const covers = (outer: Region, inner: Region): boolean =>
  outer.action === 'redact' &&
  (outer.frame === 'all' || outer.frame === inner.frame) &&
  outer.x <= inner.x &&
  outer.y <= inner.y &&
  outer.x + outer.width >= inner.x + inner.width &&
  outer.y + outer.height >= inner.y + inner.height;

/** Boxes that a person drew may go again; what was found or came from a template must stay covered. */
export const lessens = (before: readonly Region[], after: readonly Region[]): boolean =>
  before.some((was) => was.action === 'redact' && was.origin !== 'drawn' && !after.some((is) => covers(is, was)));
