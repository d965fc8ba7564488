/**
 * Whether a find is text or something that looks like it (trabeculae, teeth, noise). No single witness decides: the detector's
 * own certainty, a second look at another size, and what the recogniser makes of it are weighed together. The thresholds
 * come from `npm run model:evaluate` (docs/model-card.md).
 */
import type { FoundText } from './boxes';
import type { Reading } from './recognise';

/** Whether the same grey mapping showed it at two sizes. */
export function seenTwice(found: FoundText): boolean {
  const mappings = found.seen.map((pass) => pass.replace(/^\D+/, ''));
  return new Set(mappings).size < mappings.length;
}

/** Whether a find can be believed, or disbelieved, without reading it. */
export function needsReading(found: FoundText): boolean {
  return !(found.score >= 0.97 && seenTwice(found));
}

export function isText(found: FoundText, reading: Reading | null): boolean {
  const read = reading?.score ?? 0;
  const twice = seenTwice(found);
  if (found.score >= 0.93) return twice || read >= 0.4 || !reading;
  if (found.score >= 0.8) return (twice && read >= 0.4) || read >= 0.6 || (twice && !reading);
  return found.score >= 0.6 && read >= 0.8;
}
