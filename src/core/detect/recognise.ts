/** Reads the text in a box: CTC over a 48-pixel-high strip, upright and turned, in both polarities where in doubt. */
import type { OrientedRect } from './geometry';
import type { TextImage } from './image';
import type { RecogniserRuns } from './networks';
import { stripWidth, type Cut } from './strip';

export interface Reading {
  readonly text: string;
  /** Mean probability of the characters, 0 when there are none. */
  readonly score: number;
}

/** Good enough to look no further. */
const sure = 0.9;
/** The same for letters that were narrowed, where nothing else says the same: upside down they read like others now and then. */
const sureNarrowed = 0.93;
/** Good enough not to look in other grey mappings. */
const good = 0.8;
/** How much better a line reads at its full width, with more room or inverted, at most. */
const rise = 0.35;
/** Letters are narrowed to this at first, which reads most text as well and costs less; but no strip that is this short or shorter. */
const narrowed = 0.8;
const shortStrip = 160;
/** Network pixels of width that one run reads: more would take too long to be stopped. */
const longestRun = 768;
/** What a run costs by itself, in columns of a strip. */
const runCost = 20;

/** A line that is to be read in the next runs. */
interface Turn {
  readonly line: Open;
  readonly cut: Cut;
  readonly width: number;
}

/** A line that is to be read. */
export interface Wanted {
  readonly line: OrientedRect;
  /** The same frame in several grey mappings, in the order in which they are looked in. */
  readonly images: readonly TextImage[];
  /** With a lower score the line is of no use (`leastReading`): what begins far below is given up. Default 0. */
  readonly least?: number;
  /** It is known to stand upright: it is read once as it is, in the first image. */
  readonly upright?: boolean;
}

/** A line that is being read. */
interface Open {
  readonly line: OrientedRect;
  best: Reading;
  /** The cut that read best, and whether another one of the same direction says the same. */
  from: Cut | null;
  again: boolean;
  cuts: readonly Cut[];
  /** How many of the cuts, the last ones, are tried no more where all directions have said nothing. */
  spare: number;
  /** Grey mappings that were not looked in yet. */
  images: readonly TextImage[];
  /** Below this score nothing but the directions is tried. */
  readonly floor: number;
  tried: boolean;
}

export class Recogniser {
  constructor(
    private readonly network: RecogniserRuns,
    private readonly keys: readonly string[],
  ) {}

  /**
   * Reads lines, many in one run of the network.
   * @param breathe called before every run
   * @returns what each line says, in order
   */
  async read(lines: readonly Wanted[], breathe: () => Promise<void>): Promise<readonly Reading[]> {
    const all = lines.map(({ line, images, least = 0, upright = false }): Open => {
      const [image] = images;
      const best = { text: '', score: 0 };
      const open = {
        line,
        best,
        from: null,
        again: false,
        spare: 0,
        floor: Math.min(sure, least) - rise,
        tried: false,
      };
      if (!upright || !image) return { ...open, cuts: [], images };
      return { ...open, cuts: [{ image, line, turn: 0, inverted: false }], images: [] };
    });
    for (let open = all.filter(next); open.length > 0; open = open.filter(next)) {
      const turns = open.flatMap((line): Turn[] => {
        const [cut, ...rest] = line.cuts;
        line.cuts = rest;
        return cut ? [{ line, cut, width: stripWidth(cut) }] : [];
      });
      for (const { width, members } of runsOf(turns)) {
        await breathe();
        const said = await this.readStrips(members, width);
        members.forEach(({ line, cut }, i) => {
          const reading = said[i];
          if (reading) note(line, cut, reading);
        });
      }
    }
    return all.map(({ best }) => best);
  }

  dispose(): void {
    this.network.dispose();
  }

  private async readStrips(turns: readonly Turn[], width: number): Promise<readonly Reading[]> {
    const cuts = turns.map(({ cut }) => cut);
    const { classes, probabilities } = await this.network.read(cuts, width);
    const steps = classes.length / turns.length;
    return turns.map((_, i) =>
      decode(
        classes.subarray(i * steps, (i + 1) * steps),
        probabilities.subarray(i * steps, (i + 1) * steps),
        this.keys,
      ),
    );
  }
}

function note(line: Open, cut: Cut, reading: Reading): void {
  if (line.from && plainly(cut, line) && reading.text === line.best.text) line.again = true;
  if (reading.score <= line.best.score) return;
  if (reading.text !== line.best.text) line.again = false;
  [line.best, line.from] = [reading, cut];
}

/** Whether a line wants another look; makes its next cuts ready. */
function next(open: Open): boolean {
  const narrow = open.from?.narrowed !== undefined && !open.again;
  if (open.best.score >= (narrow ? sureNarrowed : sure)) return false;
  const hopeless = open.tried && open.best.score < open.floor;
  if (open.cuts.length > (hopeless ? open.spare : 0)) {
    // The direction is most likely known.
    if (open.best.score >= good) open.cuts = [...open.cuts].sort((a, b) => rank(a, open) - rank(b, open));
    return true;
  }
  const [image, ...rest] = open.images;
  if (!image || open.best.score > good || hopeless) return false;
  open.tried = true;
  open.images = rest;
  const [directions, others] = attempts(open.line, image);
  open.cuts = [...directions, ...others];
  open.spare = others.length;
  return true;
}

/** The line as it is, turned as what read best, comes first. */
function rank(cut: Cut, open: Open): number {
  return plainly(cut, open) ? 0 : 1;
}

function plainly({ line, turn, inverted }: Cut, open: Open): boolean {
  return line === open.line && !inverted && turn === open.from?.turn;
}

/** The groups of like width that cost least: every strip of a run costs as much as the widest. */
export function runsOf<T extends { readonly width: number }>(
  items: readonly T[],
): readonly { readonly width: number; readonly members: readonly T[] }[] {
  const sorted = [...items].sort((a, b) => b.width - a.width);
  // What the first so many cost at least, and where the last run of them begins.
  const least = [0];
  const begin = [0];
  for (let end = 1; end <= sorted.length; end++) {
    let [cost, from] = [Infinity, end - 1];
    for (let start = end - 1; start >= 0; start--) {
      const columns = (sorted[start]?.width ?? 0) * (end - start);
      if (start < end - 1 && columns > longestRun) break;
      const sum = (least[start] ?? 0) + runCost + columns;
      if (sum < cost) [cost, from] = [sum, start];
    }
    least.push(cost);
    begin.push(from);
  }
  const runs = [];
  for (let end = sorted.length; end > 0; end = begin[end] ?? 0) {
    const members = sorted.slice(begin[end], end);
    runs.push({ width: members[0]?.width ?? 0, members });
  }
  return runs;
}

/**
 * Upright boxes are tried as they are, then upside down; tall ones from both sides as well.
 * @returns the directions, and what else there is to try
 */
function attempts(line: OrientedRect, image: TextImage): readonly [readonly Cut[], readonly Cut[]] {
  const tall = Math.abs(Math.sin(line.angle)) > 0.7;
  const short = line.width < 1.3 * line.height;
  // A tall box is a line read from below or above, or a single upright letter.
  const turns = tall ? (short ? [-Math.PI / 2, 0, Math.PI, Math.PI / 2] : [Math.PI, 0]) : [0, Math.PI];
  if (!tall && short) turns.push(Math.PI / 2, -Math.PI / 2);
  const [first = 0] = turns;
  // Letters of few pixels are read better now and then with more room around them.
  const room = 0.25 * line.height;
  const loose = { ...line, width: line.width + room, height: line.height + room };
  const full = turns.map((turn): Cut => ({ image, line, turn, inverted: false }));
  const others: Cut[] = [
    { image, line: loose, turn: first, inverted: false },
    { image, line, turn: first, inverted: true },
  ];
  const [upright] = full;
  if (!upright || stripWidth(upright) <= shortStrip) return [full, others];
  return [full.map((cut) => ({ ...cut, narrowed })), [...full, ...others]];
}

/** CTC: repeats fall together, blanks (class 0) fall out. */
export function decode(classes: Int32Array, probabilities: Float32Array, keys: readonly string[]): Reading {
  let text = '';
  let sum = 0;
  let count = 0;
  let previous = 0;
  classes.forEach((index, i) => {
    if (index !== 0 && index !== previous) {
      text += keys[index] ?? '';
      sum += probabilities[i] ?? 0;
      count++;
    }
    previous = index;
  });
  return { text: text.trim(), score: count === 0 || text.trim() === '' ? 0 : sum / count };
}
