/**
 * `npm run model:evaluate`: recall per stratum on drawn text, false area on images without text, characters wrong,
 * processor time; and the files of ../shared/data that carry burned-in text, if they are there.
 *
 *   npm run model:evaluate -- [--images 6] [--effort normal] [--only "8 px"] [--real all] [--every 1] [--pictures folder] [--failures file.png] [--verifier off] [--templates]
 */
import { parseArgs } from 'node:util';
import { createTextEngine, type Effort, type GreyFrame, type TextEngine, type TextImage } from '../../src/core/detect';
import { editDistance } from '../../src/core/detect/fold';
import type { TextRegion } from '../../src/core/detect/types';
import type { Rect } from '../../src/core/pixels/types';
import { fileModels } from './node-models';
import { evaluateKept } from './evaluate-kept';
import { evaluateReal } from './evaluate-real';
import { maskOf, median, percent, plain } from './measures';
import { makeCase, makeClean, strata, type BenchmarkCase, type DrawnString } from './synthetic';
import { FailureSheet } from './failure-sheet';
import { writePicture } from './picture';

const { values: options } = parseArgs({
  options: {
    images: { type: 'string', default: '6' },
    effort: { type: 'string', default: 'normal' },
    only: { type: 'string' },
    pictures: { type: 'string' },
    /** A picture of drawn strings that were missed, misread or judged wrongly, a row for each kind. */
    failures: { type: 'string' },
    /** 'off': the region verifier is not asked. */
    verifier: { type: 'string', default: 'on' },
    /** Tells the search where strings stand, some pixels off, as device templates do. */
    templates: { type: 'boolean', default: false },
    /** Which real images: 'text' (burned-in text by the manifest), 'clean', 'all' or 'none'. */
    real: { type: 'string', default: 'all' },
    /** Every how many-th of the real images. */
    every: { type: 'string', default: '1' },
  },
});

const made = await createTextEngine({ models: fileModels(), backend: 'wasm' });
if (!made.ok) throw new Error(made.message);
const engine: TextEngine = made.value;

const verify = options.verifier !== 'off';
const failures = new FailureSheet();

interface Look {
  readonly regions: readonly TextRegion[];
  readonly milliseconds: number;
}

async function look(image: GreyFrame | TextImage, strings: readonly DrawnString[] = []): Promise<Look> {
  const priors = options.templates ? strings.map(placeNear) : [];
  // Processor time: other work on the machine does not count.
  const from = process.cpuUsage();
  const found = await engine.detect(image, {
    policy: 'everything',
    keep: [],
    effort: options.effort as Effort,
    verify,
    priors,
  });
  if (!found.ok) throw new Error(found.message);
  const { user, system } = process.cpuUsage(from);
  return { regions: found.value, milliseconds: (user + system) / 1000 };
}

/** Where a template would have a string's box: that of another image's text. */
function placeNear({ x, y, ink }: DrawnString, index: number): Rect {
  return {
    x: Math.max(0, x - 8 + (index % 5) * 3),
    y: Math.max(0, y - 5),
    width: ink.width + 10,
    height: ink.height + 8,
  };
}

/** At least 90 % of the ink lies in regions. */
function isFound(string: DrawnString, mask: Uint8Array, width: number): boolean {
  let [ink, hit] = [0, 0];
  for (let y = 0; y < string.ink.height; y++)
    for (let x = 0; x < string.ink.width; x++) {
      if ((string.ink.coverage[y * string.ink.width + x] ?? 0) < 0.5) continue;
      ink++;
      hit += mask[(string.y + y) * width + string.x + x] ?? 0;
    }
  return hit >= 0.9 * ink;
}

/** Diagonal lines are not read. */
function isRead({ angles }: (typeof strata)[number]): boolean {
  return angles.every((angle) => Math.abs(Math.sin(2 * angle)) < 0.1);
}

/** Edit distance of what was read where a string is. */
function wrongCharacters(string: DrawnString, regions: readonly TextRegion[]): number {
  return editDistance(plain(readAt(string, regions)), plain(string.text));
}

/** What was read where a string is; a line read in pieces is put together. */
function readAt(string: DrawnString, regions: readonly TextRegion[]): string {
  return regions
    .filter((r) => {
      const [cx, cy] = [r.x + r.width / 2, r.y + r.height / 2];
      const [dx, dy] = [cx - string.x, cy - string.y];
      return dx > 0 && dy > 0 && dx < string.ink.width && dy < string.ink.height;
    })
    .sort((a, b) => a.x - b.x)
    .map((r) => r.text ?? '')
    .join('');
}

console.log(`effort ${options.effort}, ${options.images} images a stratum\n`);
console.log('| stratum | strings | found | characters wrong | CPU ms |\n| --- | --- | --- | --- | --- |');
const images = Number(options.images);
for (const [s, stratum] of strata.entries()) {
  if (images === 0 || (options.only !== undefined && stratum.name !== options.only)) continue;
  let [strings, hits, characters, wrong] = [0, 0, 0, 0];
  const times: number[] = [];
  for (let i = 0; i < images; i++) {
    const test: BenchmarkCase = makeCase(stratum, 1000 * s + i);
    const { regions, milliseconds } = await look(test.image, test.strings);
    times.push(milliseconds);
    const mask = maskOf(regions, test.image.width, test.image.height);
    for (const string of test.strings) {
      strings++;
      const found = isFound(string, mask, test.image.width);
      const { x, y, ink } = string;
      const place = { x, y, width: ink.width, height: ink.height };
      if (!found) failures.add(`Not found: ${stratum.name}`, test.image, place, string.text);
      if (found) {
        const errors = wrongCharacters(string, regions);
        hits++;
        characters += plain(string.text).length;
        wrong += errors;
        if (errors > 0 && isRead(stratum))
          failures.add('Found, but misread', test.image, place, `${stratum.name}: ${readAt(string, regions)}`);
      }
    }
    if (options.pictures) await writePicture(options.pictures, `${stratum.name} ${i}`, test.image, regions);
  }
  const read = isRead(stratum);
  console.log(
    `| ${stratum.name} | ${strings} | ${percent(hits, strings)} | ${read ? percent(wrong, characters) : '–'} | ${median(times).toFixed(0)} |`,
  );
}

if (options.only === undefined && images > 0) {
  let [area, all] = [0, 0];
  for (let i = 0; i < 2 * images; i++) {
    const image = makeClean(90_000 + i);
    const { regions } = await look(image);
    area += maskOf(regions, image.width, image.height).reduce((a, b) => a + b, 0);
    all += image.width * image.height;
    if (options.pictures && regions.length > 0) await writePicture(options.pictures, `clean ${i}`, image, regions);
  }
  console.log(`\nFalse area on ${2 * images} drawn images without text: ${((100 * area) / all).toFixed(3)} %`);
}

if (options.only === undefined && images > 0) console.log(await evaluateKept(engine, images, { verify, failures }));
if (options.only === undefined && options.real !== 'none') {
  console.log(await evaluateReal(engine, options.real, Number(options.every), options.pictures, verify));
}
if (options.failures !== undefined) await failures.write(options.failures);
engine.dispose();
