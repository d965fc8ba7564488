/**
 * `npm run bench [-- headers parse codecs]`: ratios against peers in the same run; prints Markdown. ROUNDS=2 makes it short.
 * The benchmarks are bundled first, as what users get is: a loader of TypeScript slows small functions down.
 */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
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
const done = spawnSync(process.execPath, [join(outDir, 'run.js'), ...process.argv.slice(2)], { stdio: 'inherit' });
process.exit(done.status ?? 1);
