/**
 * `npm run budget`: what the browser must fetch before the page works, gzipped: the entry and everything it imports
 * statically. Fails over 200 kB of JavaScript; tfjs, codecs and models load later, when first needed.
 */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { buildPage, installDependencies, makeModels, makeSamples, root } from './lib/setup.mjs';

const limit = 200_000;

installDependencies();
makeModels();
makeSamples();
buildPage();
const dist = join(root, 'dist/page');
const manifestFile = join(dist, '.vite/manifest.json');
if (!existsSync(manifestFile)) throw new Error('dist/page has no manifest: run npm run build');
const manifest = JSON.parse(readFileSync(manifestFile, 'utf8'));

const seen = new Set();
const files = new Set();
const visit = (key) => {
  if (seen.has(key)) return;
  seen.add(key);
  const chunk = manifest[key];
  if (chunk.file.endsWith('.js')) files.add(chunk.file);
  for (const next of chunk.imports ?? []) visit(next);
};
for (const [key, chunk] of Object.entries(manifest)) if (chunk.isEntry) visit(key);

let total = 0;
for (const file of files) {
  const size = gzipSync(readFileSync(join(dist, file)), { level: 9 }).length;
  total += size;
  console.log(`${String(size).padStart(8)}  ${file}`);
}
console.log(`${String(total).padStart(8)}  of ${limit} bytes gzipped JavaScript in the shell`);
if (total > limit) process.exit(1);
