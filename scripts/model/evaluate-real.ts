/**
 * Real images: every line of text in those of ../shared/data that have some, against boxes and classes set by hand
 * (real-lines.json: places and classes, never what a line says), and false area on those that have none.
 */
import { readFileSync } from 'node:fs';
import type { TextEngine } from '../../src/core/detect';
import type { Rect } from '../../src/core/pixels/types';
import { maskOf, median, percent } from './measures';
import { writePicture } from './picture';
import { realImages } from './real-images';

/** 'measurement': a value or setting; 'marker': laterality, orientation, scale; 'other': words that name nobody. */
export type LineClass = 'identifying' | 'measurement' | 'marker' | 'other';

export interface RealLine extends Rect {
  readonly class: LineClass;
}

/** The lines of each image by its file; duplicates name the file that they repeat. */
export function realLines(): ReadonlyMap<string, readonly RealLine[]> {
  const json = JSON.parse(readFileSync(new URL('./real-lines.json', import.meta.url), 'utf8')) as Record<
    string,
    string | readonly RealLine[]
  >;
  return new Map(
    Object.keys(json).map((name) => {
      const entry = json[name] ?? [];
      const lines = typeof entry === 'string' ? json[entry] : entry;
      return [name, typeof lines === 'object' ? lines : []];
    }),
  );
}

interface Tally {
  lines: number;
  found: number;
  /** Redacted under 'identifying-and-unknown'. */
  gone: number;
}

export async function evaluateReal(
  engine: TextEngine,
  which: string,
  every: number,
  pictures: string | undefined,
  verify: boolean,
): Promise<string> {
  const truth = realLines();
  const tallies = new Map<LineClass, Tally>();
  const clean = { images: 0, withFalse: 0, share: 0 };
  const [notes, times]: [string[], number[]] = [[], []];
  let seen = 0;
  for await (const { name, hasText, frame } of realImages()) {
    if ((which !== 'all' && (which === 'text') !== hasText) || seen++ % every !== 0) continue;
    const from = process.cpuUsage();
    const looked = await engine.detect(frame, { policy: 'identifying-and-unknown', keep: [], verify });
    if (!looked.ok) throw new Error(looked.message);
    const { user, system } = process.cpuUsage(from);
    times.push((user + system) / 1000);
    const regions = looked.value;
    const all = maskOf(regions, frame.width, frame.height);
    if (hasText) {
      const gone = maskOf(
        regions.filter((r) => r.action === 'redact'),
        frame.width,
        frame.height,
      );
      for (const line of truth.get(name) ?? []) {
        const tally = tallies.get(line.class) ?? { lines: 0, found: 0, gone: 0 };
        tallies.set(line.class, tally);
        tally.lines++;
        const found = part(line, all, frame.width) >= 0.9;
        // A line is lost when more than a tenth of it goes.
        const lost = part(line, gone, frame.width) > (line.class === 'identifying' ? 0.9 : 0.1);
        if (found) tally.found++;
        if (lost) tally.gone++;
        const wrong = !found || (line.class === 'identifying' ? !lost : lost && line.class !== 'other');
        if (wrong)
          notes.push(
            `  ${name}: ${line.class} at ${line.x},${line.y} ${found ? (lost ? 'erased' : 'kept') : 'not found'}`,
          );
      }
    } else {
      clean.images++;
      const share = all.reduce((a, b) => a + b, 0) / all.length;
      clean.share += share;
      if (share > 0) {
        clean.withFalse++;
        notes.push(`  ${name}: ${(100 * share).toFixed(2)} % in ${regions.length} regions`);
      }
    }
    if (pictures && regions.length > 0)
      await writePicture(pictures, `${hasText ? 'text' : 'clean'} ${name.replace(/\W+/g, '-')}`, frame, regions);
  }
  if (seen === 0) return '\n../shared/data is not here: no real images.';
  return [report(tallies), ...notes, cleanReport(clean), `Median ${median(times).toFixed(0)} CPU ms an image`].join(
    '\n',
  );
}

function report(tallies: ReadonlyMap<LineClass, Tally>): string {
  const rows = [...tallies].map(
    ([name, { lines, found, gone }]) =>
      `| ${name} | ${lines} | ${percent(found, lines)} | ${percent(gone, lines)} | ${percent(lines - gone, lines)} |`,
  );
  const [lines, found] = [...tallies.values()].reduce(([a, b], t) => [a + t.lines, b + t.found], [0, 0]);
  return [
    '',
    '| real lines | lines | found | redacted under "identifying and unknown" | kept |',
    '| --- | --- | --- | --- | --- |',
    ...rows,
    `| all | ${lines} | ${percent(found, lines)} | | |`,
  ].join('\n');
}

function cleanReport({ images, withFalse, share }: { images: number; withFalse: number; share: number }): string {
  return `Real images without text: ${images}, with a false region ${withFalse}, false area ${images === 0 ? '–' : ((100 * share) / images).toFixed(3)} %`;
}

/** The part of a rectangle in which a mask is set. */
function part({ x, y, width, height }: Rect, mask: Uint8Array, stride: number): number {
  let sum = 0;
  for (let row = y; row < y + height; row++)
    for (let column = x; column < x + width; column++) sum += mask[row * stride + column] ?? 0;
  return sum / (width * height);
}
