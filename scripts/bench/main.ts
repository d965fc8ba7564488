/**
 * `npm run bench [-- headers parse browser page codecs privacy]`: ratios against peers in the same run; prints Markdown. ROUNDS=2 makes it short.
 * The benchmarks are bundled first, as what users get is: a loader of TypeScript slows small functions down.
 */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'vite';

const root = join(import.meta.dirname, '../..');
const outDir = join(root, 'node_modules/.cache/lethe-bench');
await build({
  root,
  configFile: false,
  publicDir: false,
  logLevel: 'warn',
  build: { ssr: join(import.meta.dirname, 'run.ts'), outDir, emptyOutDir: true, target: 'node20', minify: false },
});
const wanted = process.argv.slice(2);
const env = { ...process.env };
if (wanted.length === 0 || wanted.some((name) => name === 'browser' || name === 'privacy')) {
  const { findChromium } = (await import(pathToFileURL(join(root, 'scripts/lib/chromium.mjs')).href)) as {
    findChromium: () => Promise<string>;
  };
  env.CHROMIUM_PATH ??= await findChromium();
}
const done = spawnSync(process.execPath, [join(outDir, 'run.js'), ...wanted], { stdio: 'inherit', cwd: root, env });
process.exit(done.status ?? 1);
