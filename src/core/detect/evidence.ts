/**
 * Whether a find is text or something that looks like it (trabeculae, teeth, noise). No single witness decides: the detector's
 * own certainty, a second look at another size, and what the recogniser makes of it are weighed together. The thresholds
 * come from `npm run model:evaluate` (docs/model-card.md).
 */
import type { FoundText } from './boxes';
import type { Reading } from './recognise';

/** The number of the grey mapping of each pass that saw it. */
function mappings({ seen }: FoundText): readonly number[] {
  return seen.map((pass) => Number(pass.replace(/^\D+/, '')));
}

/** The grey mappings that show it, by their numbers. */
export function shownIn(found: FoundText): readonly number[] {
  return [...new Set(mappings(found))].sort((a, b) => a - b);
}

/** Whether the same grey mapping showed it at two sizes. */
export function seenTwice(found: FoundText): boolean {
  return shownIn(found).length < found.seen.length;
}

/** Taller than this part of the image's shorter side, a line is rather anatomy than something burned in. */
const tallPart = 0.07;
/** A quarter of it and a little. */
const quarter = 0.27;

/** Whether a find can be believed without reading it. */
export function needsReading(found: FoundText, side: number): boolean {
  return !(found.score >= 0.97 && seenTwice(found)) || found.line.height > tallPart * side;
}

/** What the region verifier says of nothing that is text, and of little that is none. */
const unlike = 0.1;
const like = 0.6;
/** Its word for text counts for small things, as a part of the image's shorter side. */
const smallPart = 0.04;

/**
 * Whether an image is full of things that look like a letter each and hardly any that read like a word: vessels and bones do, text
 * does not. Then a letter needs better witnesses (`standsOut`).
 */
export function crowded(readings: readonly (Reading | null)[]): boolean {
  const letters = readings.filter((reading) => reading && reading.text.length <= 2).length;
  const words = readings.filter((reading) => reading && reading.text.length > 2 && reading.score >= 0.8).length;
  return letters >= 6 && 3 * words < letters;
}

/** Whether a find is to be believed in such a crowd, @param looks as in `isText` */
export function standsOut(found: FoundText, reading: Reading | null, looks: number | null): boolean {
  if (!reading || reading.text.length > 2 || found.score >= 0.985 || (looks !== null && looks >= 0.5)) return true;
  if (seenTwice(found)) return found.score >= 0.9 && reading.score >= 0.5;
  // A capital or digit that reads without any doubt needs a little less.
  const least = /^[A-HJ-NP-Z2-9]$/.test(reading.text) && reading.score >= 0.98 ? 0.92 : 0.93;
  if (found.score >= least && reading.score >= 0.93) return true;
  // Seen very well, and read well.
  return found.score >= 0.975 && reading.score >= 0.75;
}

/** A detector that is less certain leaves the region verifier a say. */
const weakScore = (found: FoundText): number => (seenTwice(found) ? 0.96 : 0.93);

/** Whether the region verifier is asked before it is read: what looks like no text must read very well. */
export function isWeak(found: FoundText, side: number): boolean {
  return needsReading(found, side) && found.score < weakScore(found);
}

/** Image pixels: letters of a lower line say nothing, nor do those of a line a little higher among so many weak finds. */
const lowest = 4;
const lowestOfMany = 6;
const many = 24;

/** The height below which a find is believed only of a detector that is nearly certain. @param weak how many finds are */
export const leastHeight = (weak: number): number => (weak > many ? lowestOfMany : lowest);

/**
 * The least score of a reading with which a find is believed; Infinity: with none.
 * @param looks as in `isText`; null: the region verifier was not asked, and may say anything
 * @param height as `leastHeight` says
 */
export function leastReading(found: FoundText, side: number, looks: number | null, height = lowest): number {
  if (found.line.height < height && found.score < 0.93) return Infinity;
  const believed = (score: number, said: number | null): boolean => isText(found, { text: 'word', score }, side, said);
  const steps = [0, 0.3, 0.35, 0.4, 0.45, 0.5, 0.65, 0.7, 0.75, 0.85, 0.9, 0.95];
  return steps.find((score) => believed(score, looks) || (looks === null && believed(score, 1))) ?? Infinity;
}

/** Whether the region verifier has a say: where the other witnesses leave room for doubt. */
export function needsVerifying(found: FoundText, reading: Reading | null, side: number): boolean {
  return needsReading(found, side) && (reading === null || reading.score < 0.9);
}

/**
 * @param reading null: not read
 * @param side the image's shorter side in pixels
 * @param looks how much it looks like text to the region verifier, 0…1; null: it was not asked
 */
export function isText(found: FoundText, reading: Reading | null, side: number, looks: number | null = null): boolean {
  if (looks !== null && reading) {
    // A detector in doubt, nothing legible, and no likeness: not text.
    const weak = found.score < weakScore(found);
    if (looks < unlike && weak && reading.score < 0.75) return false;
    // Large letters are read well and look like what they are.
    if (looks < 2 * unlike && weak && found.line.height > tallPart * side && reading.score < 0.9) return false;
    // Small and very much like text: single letters are read badly.
    if (looks >= like && found.line.height < smallPart * side && found.score >= 0.85 && reading.score >= 0.35)
      return true;
  }
  const twice = seenTwice(found);
  if (!reading) return found.score >= 0.8 && twice;
  const read = reading.score;
  const slanted = Math.abs(Math.sin(2 * found.line.angle)) > 0.1;
  // Lines are taken apart before they are read: what is this tall and says nothing is no text.
  if (found.line.height > 3 * tallPart * side && read < 0.5) return false;
  // A letter or two as tall as a quarter of the image: in small images a skull looks like that.
  if (found.line.height > quarter * side && reading.text.length <= 2) return found.score >= 0.985 && read >= 0.95;
  // Nothing upright without text was ever as certain as this; several lines in one box are, and can't be read.
  if (!slanted && (found.score >= 0.985 || (found.score >= 0.97 && twice))) return true;
  // Large letters are read without fail, bones and bowels are not.
  if (found.line.height > (slanted ? 1 : 2) * tallPart * side) return found.score >= 0.9 && read >= 0.9 && twice;
  if (found.line.height > tallPart * side) return found.score >= 0.9 && read >= 0.7;
  if (found.score >= 0.97 && twice) return true;
  if (found.score >= 0.93) return read >= (twice ? 0.3 : 0.45);
  if (found.score >= 0.8) return read >= (twice ? 0.4 : 0.65);
  return found.score >= 0.6 && read >= 0.85;
}
