/** The steps that both commands share. Each says what it does, and is skipped when its result is there and current. */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
const cache = join(root, '.cache');
const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm';

/** Goes to standard error, so that a command's own output stays clean. */
export function say(text) {
  process.stderr.write(`lethe: ${text}\n`);
}

/** Runs a command, its output on standard error; ends the process when it fails. */
export function run(command, args, options = {}) {
  const done = spawnSync(command, args, {
    cwd: root,
    stdio: options.quiet ? ['ignore', 'ignore', 2] : ['ignore', 2, 2],
    shell: process.platform === 'win32',
    ...options,
  });
  if (done.error || done.status !== 0) {
    say(`failed: ${command} ${args.join(' ')}${done.error ? ` (${done.error.message})` : ''}`);
    process.exit(done.status || 1);
  }
}

/** SHA-256 over names, and contents of the files below the given paths; generated and dependency folders left out. */
export function fingerprint(paths) {
  const hash = createHash('sha256');
  const visit = (path) => {
    if (!existsSync(path)) return;
    if (statSync(path).isDirectory()) {
      for (const name of readdirSync(path).sort()) if (name !== 'node_modules') visit(join(path, name));
      return;
    }
    hash.update(relative(root, path)).update('\0').update(readFileSync(path)).update('\0');
  };
  for (const path of paths) visit(join(root, path));
  return hash.digest('hex');
}

function stampIs(name, value) {
  const file = join(cache, 'stamps', name);
  return existsSync(file) && readFileSync(file, 'utf8') === value;
}

function stamp(name, value) {
  mkdirSync(join(cache, 'stamps'), { recursive: true });
  writeFileSync(join(cache, 'stamps', name), value);
}

/** Runs `step` unless it ran before with the same inputs and its results are still there. */
function once(name, inputs, results, text, step) {
  const value = fingerprint(inputs);
  if (stampIs(name, value) && results.every((r) => existsSync(join(root, r)))) return;
  const start = Date.now();
  say(text);
  step();
  stamp(name, value);
  say(`${name}: done in ${((Date.now() - start) / 1000).toFixed(1)} s`);
}

export function checkNode() {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  if (major < 20 || (major === 20 && minor < 19)) {
    say(`Node.js 20.19 or newer is needed; this is ${process.versions.node}.`);
    process.exit(1);
  }
}

export function installDependencies() {
  checkNode();
  // `npm ci` begins by deleting what is there: only right on a fresh clone.
  const command = existsSync(join(root, 'node_modules')) ? 'install' : 'ci';
  once('dependencies', ['package-lock.json'], ['node_modules/vite'], `installing dependencies (npm ${command})…`, () =>
    run(npm, [command, '--no-audit', '--no-fund', '--loglevel=error']),
  );
}

export function makeModels() {
  once(
    'models',
    [
      'src/kernels',
      ...['convert', 'graph-model', 'half', 'kernels', 'lazy-values', 'onnx', 'translate', 'writer'].map(
        (name) => `scripts/model/${name}.ts`,
      ),
    ],
    ['public/models/text'],
    'converting the text models (from node_modules to public/models)…',
    () => run(npm, ['run', '--silent', 'model:convert']),
  );
}

export function makeSamples() {
  once(
    'samples',
    ['scripts/samples.ts', 'scripts/samples', 'fixtures', 'package-lock.json'],
    ['public/samples/index.json'],
    'drawing the sample study (public/samples)…',
    () => run(npm, ['run', '--silent', 'samples']),
  );
}

const buildInputs = [
  'src',
  'public',
  'index.html',
  'vite.config.ts',
  'package-lock.json',
  'scripts/lib',
  'tsconfig.base.json',
];

export function buildPage() {
  once('page', buildInputs, ['dist/page/index.html'], 'building the page (dist/page)…', () =>
    run(npm, ['run', '--silent', 'build', '--', '--logLevel', 'error']),
  );
}

export function buildCli() {
  once(
    'cli',
    ['src/cli', 'src/core', 'vite.cli.config.ts', 'package-lock.json'],
    ['dist/cli/main.js'],
    'building the command line (dist/cli)…',
    () => run(npm, ['run', '--silent', 'build:cli']),
  );
}
