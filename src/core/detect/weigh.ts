/**
 * Which finds are text. The witnesses are asked in the order of what they cost: what can't be believed whatever the others say is
 * not read; of what is weak the region verifier is asked first, a tenth of the work of reading; and what it takes for no text is
 * read on only while its reading may still outweigh that.
 */
import type { FoundText } from './boxes';
import {
  crowded,
  isText,
  isWeak,
  leastHeight,
  leastReading,
  needsReading,
  needsVerifying,
  shownIn,
  standsOut,
} from './evidence';
import type { TextImage } from './image';
import type { DetectOptions } from './index';
import { expected, standsAt } from './priors';
import type { Recogniser, Reading, Wanted } from './recognise';

export interface Witnesses {
  readonly recogniser: () => Promise<Recogniser>;
  /** How much each looks like text, 0…1. */
  readonly looks: (texts: readonly FoundText[]) => Promise<ReadonlyMap<FoundText, number>>;
  readonly breathe: () => Promise<void>;
}

export interface Weighed {
  /** The blocks that are text, all of their lines. */
  readonly blocks: readonly (readonly FoundText[])[];
  /** What the lines say that were read. */
  readonly readings: ReadonlyMap<FoundText, Reading>;
}

const nothing: Reading = { text: '', score: 0 };
/** A detector as certain as this is right in one grey mapping and may be read in another. */
const certain = 0.93;

/**
 * @param images the same frame in several grey mappings
 * @param blocks lines by block: one line that is text makes the whole block text
 * @param side the image's shorter side in pixels
 */
export async function weigh(
  images: readonly TextImage[],
  blocks: readonly (readonly FoundText[])[],
  side: number,
  options: DetectOptions,
  witnesses: Witnesses,
): Promise<Weighed> {
  const priors = options.priors ?? [];
  const all = options.doubtful === true;
  const verify = !all && options.verify !== false;
  const looks = new Map<FoundText, number>();
  const ask = async (texts: readonly FoundText[]): Promise<void> => {
    const open = verify ? texts.filter((text) => !looks.has(text)) : [];
    if (open.length > 0) for (const [text, look] of await witnesses.looks(open)) looks.set(text, look);
  };
  const wanted = wantedBy(options, side);
  const weak = (texts: readonly FoundText[]): boolean => texts.every((text) => isWeak(text, side));
  const height = leastHeight(blocks.flat().filter((text) => isWeak(text, side)).length);
  /** The least reading that is of use; a line of several may owe its place to the others. */
  const least = (text: FoundText, texts: readonly FoundText[]): number =>
    all || standsAt(text, priors) || !(texts.length === 1 || weak(texts))
      ? 0
      : leastReading(text, side, looks.get(text) ?? null, height);
  const hopeful = (texts: readonly FoundText[]): boolean => texts.some((text) => least(text, texts) < Infinity);

  const first = blocks.filter(hopeful);
  await ask(first.filter((texts) => weak(texts) && texts.some(wanted)).flat());
  const open = first.filter(hopeful);
  const lines = open.flatMap((texts) =>
    texts.filter(wanted).map((text) => ({ text, images: inOrder(text, images), least: least(text, texts) })),
  );
  const readings = await read(lines, witnesses);
  // What is given up unread counts among what says nothing.
  for (const text of blocks.flat()) if (wanted(text) && !readings.has(text)) readings.set(text, nothing);
  if (all) return { blocks, readings };

  const doubted = new Set(
    open.filter((texts) => texts.every((text) => needsVerifying(text, readings.get(text) ?? null, side))).flat(),
  );
  await ask([...doubted]);
  const crowd = crowded(blocks.flat().map((text) => readings.get(text) ?? null));
  const believed = (text: FoundText): boolean => {
    const reading = readings.get(text) ?? null;
    const look = doubted.has(text) ? (looks.get(text) ?? null) : null;
    if (expected(text, reading, priors)) return true;
    return isText(text, reading, side, look) && (!crowd || standsOut(text, reading, look));
  };
  return { blocks: open.filter((texts) => texts.some(believed)), readings };
}

/** Which lines are to be read, as the caller wants it. */
function wantedBy({ read = 'all', policy, keep }: DetectOptions, side: number): (text: FoundText) => boolean {
  // With "everything" and nothing on the keep-list all text goes, whatever it says: only doubtful finds are read.
  const goes = policy === 'everything' && keep.length === 0;
  return (text) => read === 'all' || (read === 'needed' && (!goes || needsReading(text, side)));
}

/** The grey mappings that show a line first; the others only where nobody doubts that it is one. */
function inOrder(text: FoundText, images: readonly TextImage[]): readonly TextImage[] {
  const shown = shownIn(text).flatMap((index) => images[index] ?? []);
  return text.score < certain && shown.length > 0 ? shown : [...new Set([...shown, ...images])];
}

async function read(
  lines: readonly (Omit<Wanted, 'line'> & { readonly text: FoundText })[],
  { recogniser, breathe }: Witnesses,
): Promise<Map<FoundText, Reading>> {
  if (lines.length === 0) return new Map();
  const reader = await recogniser();
  const said = await reader.read(
    lines.map(({ text, ...how }) => ({ ...how, line: text.line })),
    breathe,
  );
  return new Map(lines.map(({ text }, i) => [text, said[i] ?? nothing]));
}
