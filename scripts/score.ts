/**
 * Scores the engine on the planted corpus with the ten actions of the MIDI-B challenge: the command line de-identifies
 * it, an independent reader (pydicom, Pillow, tifffile, nibabel) judges the results. `npm run score [-- --json FILE] [--keep]`.
 *
 * Ends with 1 when anything fails. Needs Python with pydicom, numpy, Pillow, tifffile and nibabel (LETHE_PYTHON, /usr/bin/python3).
 */
import { spawnSync } from 'node:child_process';
import { mkdirSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { type PlantedFile, plantedCorpus } from '../fixtures/planted';
import { burnedIn } from './score/burned-in';

const root = join(import.meta.dirname, '..');
const folder = join(root, '.cache/score');
const python = process.env.LETHE_PYTHON ?? '/usr/bin/python3';
const key = '6c657468652d73636f72652d6b65792d6f662d6e6f2d7365637265742d617421';

interface Tally {
  readonly passed: number;
  readonly total: number;
}

interface Verdict {
  readonly actions: Readonly<Record<string, Tally>>;
  readonly planted: { readonly found: number; readonly total: number };
  readonly files: { readonly exported: number; readonly total: number };
  readonly failures: readonly string[];
}

function writeCorpus(files: readonly PlantedFile[]): void {
  rmSync(folder, { recursive: true, force: true });
  for (const file of files) {
    const path = join(folder, 'in', file.name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, file.bytes);
  }
  const answers = files.map(({ name, kind, codec, patient, planted, expected }) => ({
    name,
    kind,
    codec,
    patient,
    planted,
    expected,
  }));
  writeFileSync(join(folder, 'answers.json'), JSON.stringify(answers));
}

/** @param output file that the standard output goes to */
function run(command: string, args: readonly string[], output?: string): number {
  const to = output === undefined ? 2 : openSync(output, 'w');
  const done = spawnSync(command, args, { cwd: root, stdio: ['ignore', to, 2] });
  if (done.error) throw done.error;
  return done.status ?? 1;
}

function score(profile: string): Verdict {
  const out = join(folder, profile);
  mkdirSync(out, { recursive: true });
  const status = run(process.execPath, [
    join(root, 'scripts/lethe.mjs'), 'anonymize', join(folder, 'in'), '--out', join(out, 'files'), '--profile', profile,
    '--key', key, '--map', '-', '--report', join(out, 'report.json'), '--quiet',
  ], join(out, 'map.json')); // prettier-ignore
  if (status === 1) throw new Error('the command line did not accept its arguments');
  const reader = [join(root, 'scripts/score/reader.py'), folder, profile];
  if (run(python, reader) !== 0)
    throw new Error('the reader failed: pydicom, numpy, Pillow, tifffile and nibabel are needed');
  return JSON.parse(readFileSync(join(out, 'verdict.json'), 'utf8')) as Verdict;
}

const corpus = [...plantedCorpus(), ...burnedIn()];
writeCorpus(corpus);
const verdicts = new Map(['basic', 'research'].map((profile) => [profile, score(profile)]));

const actions = [
  'tag_retained', 'text_notnull', 'text_retained', 'text_removed', 'date_shifted', 'uid_changed', 'uid_consistent',
  'patid_consistent', 'pixels_hidden', 'pixels_retained',
]; // prettier-ignore
const cell = (tally: Tally | undefined) =>
  (tally && tally.total > 0 ? `${tally.passed}/${tally.total}` : '–').padStart(12);
console.log(`${'action'.padEnd(20)}${[...verdicts.keys()].map((p) => p.padStart(12)).join('')}`);
for (const action of actions) {
  console.log(action.padEnd(20) + [...verdicts.values()].map((v) => cell(v.actions[action])).join(''));
}
const row = (label: string, text: (v: Verdict) => string) =>
  console.log(label.padEnd(20) + [...verdicts.values()].map((v) => text(v).padStart(12)).join(''));
row('planted found', (v) => `${v.planted.found}/${v.planted.total}`);
row('files exported', (v) => `${v.files.exported}/${v.files.total}`);
let failed = false;
for (const [profile, verdict] of verdicts) {
  failed ||= verdict.failures.length > 0 || verdict.planted.found > 0;
  for (const failure of verdict.failures.slice(0, 60)) console.log(`${profile}: ${failure}`);
}
const json = process.argv.indexOf('--json');
if (json > 0)
  writeFileSync(process.argv[json + 1] ?? 'score.json', JSON.stringify(Object.fromEntries(verdicts), null, 1));
if (!process.argv.includes('--keep')) rmSync(folder, { recursive: true, force: true });
process.exit(failed ? 1 : 0);
