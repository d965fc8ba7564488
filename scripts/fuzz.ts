/**
 * Fuzzing: damaged files must be refused or understood, quickly, and never leak.
 *
 * npm run fuzz [-- --runs 100000] [--seconds 900] [--seed 1] [--engine 1] [--no-real] [--only NAME]
 *
 * `--engine N`: every Nth file that still parses goes the whole way (plan, write, gate); 0: none. The work is done in a thread
 * that is watched from outside: a run that computes for more than two seconds is a hang. A defect is printed with the seed that repeats it.
 */
import { isMainThread, Worker, workerData, parentPort } from 'node:worker_threads';
import { parseDicomBytes } from '../src/core/dicom/parse';
import { mutate, random } from './fuzz/mutate';
import { seeds, type Seed } from './fuzz/seeds';
import { engineTarget, parseTarget, type Outcome } from './fuzz/target';

const HANG_MS = 2000;

interface Settings {
  readonly runs: number;
  readonly seconds: number;
  readonly seed: number;
  readonly engine: number;
  readonly real: boolean;
  readonly only: string;
  /** [run in progress, milliseconds since the start at which it began, 1 while it runs]. */
  readonly progress: SharedArrayBuffer;
}

interface Report {
  readonly runs: number;
  readonly ends: Record<string, number>;
  readonly defects: readonly string[];
  readonly slowest: { readonly ms: number; readonly name: string; readonly run: number };
}

function settings(): Settings {
  const args = process.argv.slice(2);
  const value = (name: string, otherwise: string): string => {
    const at = args.indexOf(`--${name}`);
    return at < 0 ? otherwise : (args[at + 1] ?? otherwise);
  };
  return {
    runs: Number(value('runs', '100000')),
    seconds: Number(value('seconds', '900')),
    seed: Number(value('seed', '1')),
    engine: Number(value('engine', '1')),
    real: !args.includes('--no-real'),
    only: value('only', ''),
    progress: new SharedArrayBuffer(12),
  };
}

/** Planted values that the undamaged file does not leak already; those that it does are defects of their own. */
async function safe(seed: Seed, defects: string[]): Promise<string[]> {
  const file = parseDicomBytes(seed.bytes);
  if (!file.ok || seed.planted.length === 0) return [];
  let kept = [...seed.planted];
  for (;;) {
    const { leak } = await engineTarget(seed.bytes, file.value, file.value, kept);
    if (leak === undefined) return kept;
    defects.push(`${seed.name}, undamaged: leaks ${leak}`);
    kept = kept.filter((text) => text !== leak);
  }
}

/** Milliseconds of computing by this process: the clock on the wall also counts what others keep the machine busy with. */
function cpuTime(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

async function work(options: Settings): Promise<Report> {
  const started = performance.now();
  const progress = new Int32Array(options.progress);
  const ends: Record<string, number> = {};
  const defects: string[] = [];
  const all: Seed[] = [];
  for (const seed of seeds(options.real).filter((s) => s.name.includes(options.only))) {
    all.push({ ...seed, planted: options.engine > 0 ? await safe(seed, defects) : [] });
  }
  let slowest = { ms: 0, name: '', run: 0 };
  let parsedCount = 0;
  let run = 0;
  for (; run < options.runs && performance.now() - started < options.seconds * 1000; run++) {
    const seed = options.seed + run;
    const rng = random(seed);
    const chosen = all[Math.floor(rng() * all.length)];
    const other = all[Math.floor(rng() * all.length)];
    if (chosen === undefined || other === undefined) break;
    const bytes = mutate(chosen.bytes, other.bytes.subarray(0, other.header), chosen.header, rng);
    const begin = performance.now();
    const before = cpuTime();
    Atomics.store(progress, 0, seed);
    Atomics.store(progress, 1, Math.round(begin - started));
    Atomics.store(progress, 2, 1);
    let outcome: Outcome;
    try {
      const parsed = await parseTarget(bytes);
      outcome = parsed;
      const deep = options.engine > 0 && parsed.file !== undefined && parsedCount++ % options.engine === 0;
      if (deep && parsed.defect === undefined && parsed.file !== undefined) {
        const original = parseDicomBytes(chosen.bytes);
        if (original.ok) outcome = await engineTarget(bytes, parsed.file, original.value, chosen.planted);
      }
    } catch (problem) {
      const text = problem instanceof Error ? (problem.stack ?? problem.message) : String(problem);
      outcome = { end: 'refused', defect: `throws ${text.split('\n').slice(0, 4).join(' | ')}` };
    }
    Atomics.store(progress, 2, 0);
    const ms = cpuTime() - before;
    if (ms > slowest.ms) slowest = { ms, name: chosen.name, run: seed };
    ends[outcome.end] = (ends[outcome.end] ?? 0) + 1;
    const defect = outcome.defect ?? (ms > HANG_MS ? `takes ${Math.round(ms)} ms` : undefined);
    if (defect !== undefined) defects.push(`${chosen.name} (--seed ${seed} --runs 1): ${defect}`);
    if (defects.length >= 20) break;
  }
  return { runs: run, ends, defects, slowest };
}

/** Runs the work in a thread and watches it. */
async function watch(options: Settings): Promise<Report> {
  const progress = new Int32Array(options.progress);
  const started = performance.now();
  // a thread does not inherit the TypeScript loader
  const load = `import('tsx/esm/api').then(({ register }) => (register(), import('${import.meta.url}')))`;
  const worker = new Worker(load, {
    eval: true,
    workerData: { fuzz: options },
    resourceLimits: { maxOldGenerationSizeMb: 2048 },
  });
  return new Promise<Report>((resolve, reject) => {
    let last = '';
    let since = cpuTime();
    const timer = setInterval(() => {
      const seed = Atomics.load(progress, 0);
      const state = `${seed} ${Atomics.load(progress, 1)}`;
      // the clocks of two threads differ by the start of one: it is the standing still that tells
      const stands = Atomics.load(progress, 2) === 1 && state === last;
      last = state;
      if (!stands) since = cpuTime();
      if (!stands || cpuTime() - since < HANG_MS) return;
      clearInterval(timer);
      void worker.terminate();
      const minutes = Math.round((performance.now() - started) / 1000);
      reject(new Error(`hang of more than ${HANG_MS} ms after ${minutes} s: --seed ${seed} --runs 1`));
    }, HANG_MS);
    worker.on('message', (report: Report) => {
      clearInterval(timer);
      resolve(report);
      void worker.terminate();
    });
    worker.on('error', (problem) => {
      clearInterval(timer);
      reject(problem instanceof Error ? problem : new Error(String(problem)));
    });
  });
}

const data = workerData as { fuzz?: Settings } | null;
if (!isMainThread && data?.fuzz !== undefined) {
  parentPort?.postMessage(await work(data.fuzz));
} else {
  const report = await watch(settings());
  const ends = Object.entries(report.ends).map(([end, n]) => `${end} ${n}`);
  console.log(`fuzz: ${report.runs} damaged files: ${ends.join(', ')}`);
  console.log(`fuzz: slowest ${report.slowest.ms.toFixed(0)} ms (${report.slowest.name}, seed ${report.slowest.run})`);
  for (const defect of report.defects) console.error(`fuzz: ${defect}`);
  process.exitCode = report.defects.length > 0 ? 1 : 0;
}
