/**
 * Draws the sample study that the empty page offers: invented people, images by formulas, text burned in with a real font,
 * identifiers in headers and chunks. Deterministic; writes public/samples/ and its index.json. `npm run samples`.
 */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { makeSamples } from './samples/study';

const folder = join(import.meta.dirname, '../public/samples');
const started = performance.now();
const samples = makeSamples();
rmSync(folder, { recursive: true, force: true });
for (const { path, bytes } of samples) {
  const file = join(folder, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, bytes);
}
const files = samples.map((s) => s.path);
/** Where text was burned in, for tests and demonstrations: rectangles in image pixels. */
const text = Object.fromEntries(samples.filter((s) => s.text.length > 0).map((s) => [s.path, s.text]));
writeFileSync(join(folder, 'index.json'), JSON.stringify({ files, text }, null, 1));
const size = samples.reduce((n, s) => n + s.bytes.length, 0);
console.log(
  `${files.length} sample files, ${(size / 1048576).toFixed(1)} MiB, in ${((performance.now() - started) / 1000).toFixed(1)} s`,
);
