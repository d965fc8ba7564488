/** `npm run --silent lethe -- …`: the command line over the same core; sets itself up on first use. */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { buildCli, installDependencies, makeModels, root } from './lib/setup.mjs';

installDependencies();
makeModels();
buildCli();

// npm runs scripts in the package's folder; paths on the command line mean the caller's.
const done = spawnSync(
  process.execPath,
  ['--max-old-space-size=4096', join(root, 'dist/cli/main.js'), ...process.argv.slice(2)],
  {
    cwd: process.env.INIT_CWD ?? process.cwd(),
    stdio: 'inherit',
  },
);
process.exit(done.status ?? 1);
