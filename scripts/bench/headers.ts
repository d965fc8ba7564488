/**
 * Header de-identification, the gate included, beside `cp` and other programs on the same files in the same run:
 * 1,000 CT of 0.5 MiB, 200 deep structured reports, a large cine. Start-up is apart: that of other programs is measured and taken
 * off, and what stays from round to round (Lethe and dcmjs, each in its own process) goes through the corpus a few times first.
 */
import { spawnSync } from 'node:child_process';
import {
  existsSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { fileSource } from '../../src/cli/file-source';
import { folderSink } from '../../src/cli/folder-sink';
import { basicProfile, type Profile } from '../../src/core/deid/profile';
import { nativeHash } from '../../src/cli/native-hash';
import { runBatch } from '../../src/core/pipeline/batch';
import { createEngine } from '../../src/core/pipeline/engine';
import type { Region } from '../../src/core/detect/types';
import type { ScratchStore } from '../../src/core/scratch';
import { certificate } from './certificate';
import { cine, ct, report } from './corpus';
import { oneEngine } from './one-engine';
import { ownProcess, type OwnProcess } from './own-process';
import { has, program, rounds, table, workFolder, type Contender } from './timing';

const profile: Profile = { ...basicProfile, options: [], pixels: { ...basicProfile.pixels, policy: 'off' } };
const key = new Uint8Array(32).fill(7);

let work = '';

function corpus(name: string, count: number, make: (i: number) => Uint8Array): string {
  const folder = join(work, name);
  mkdirSync(folder);
  for (let i = 0; i < count; i += 1) writeFileSync(join(folder, `${i}.dcm`), make(i));
  return folder;
}

const fresh = (name: string): string => {
  const folder = join(work, 'out', name);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  return folder;
};

/**
 * An empty destination, and memory for it: a copy is made and thrown away, since the first to touch memory that the system has not
 * used for a while waits several times as long as the copy takes.
 */
function freshWithRoom(name: string, corpusFolder: string): void {
  const destination = fresh(name);
  const rehearsal = join(work, 'rehearsal');
  program('cp', ['-r', corpusFolder, rehearsal]);
  rmSync(rehearsal, { recursive: true });
  if (readdirSync(destination).length > 0) throw new Error('the destination is not empty');
}

/** A few of a corpus: what stays from round to round has slept since its last one, and wakes up over these, outside the clock. */
function fewOf(folder: string): string {
  const few = `${folder}-few`;
  if (existsSync(few)) return few;
  mkdirSync(few);
  for (const name of readdirSync(folder).slice(0, 100)) linkSync(join(folder, name), join(few, name));
  return few;
}

async function wake(name: string, program: OwnProcess, folder: string): Promise<void> {
  await program.run(fewOf(folder), fresh(name));
  freshWithRoom(name, folder);
}

/** What the command line does with a folder, with this process as its one worker: read, plan, write, gate, flush, rename. */
export async function lethe(
  folder: string,
  out: string,
  more: { readonly regions?: readonly Region[]; readonly scratch?: ScratchStore } = {},
): Promise<void> {
  const { regions, scratch } = more;
  const engine = createEngine({ hash: nativeHash, ...(scratch !== undefined && { scratch }) });
  const names = readdirSync(folder);
  const inputs = names.map((name, i) => {
    const source = fileSource(join(folder, name));
    return {
      path: name,
      size: source.size,
      source,
      ...(names.length <= 24 && { id: String(i) }),
      ...(regions !== undefined && { regions }),
    };
  });
  const batch = await runBatch({
    items: inputs,
    profile,
    key,
    runner: { ...oneEngine(engine, inputs), ...(scratch !== undefined && { scratch }) },
    sink: folderSink(out),
    concurrency: 3,
    hash: false,
    signal: new AbortController().signal,
  });
  if (!batch.ok) throw new Error(batch.message);
  const bad = batch.value.outcomes.find((o) => o.status !== 'exported');
  if (bad !== undefined) throw new Error(`${names[bad.index] ?? ''}: ${bad.code ?? ''} ${bad.message ?? ''}`);
}

/** Peak resident memory of a process that does one folder and nothing else, MiB. */
function peakMemory(folder: string): number {
  const script = process.argv[1] ?? '';
  const done = spawnSync(process.execPath, [script, '--lethe', folder, fresh('memory')], { encoding: 'utf8' });
  if (done.status !== 0) throw new Error(done.stderr);
  return Number(done.stdout) / 1024;
}

/** Read, clean by its own anonymizer, write: less than a profile asks for. */
export async function dcmjs(folder: string, out: string): Promise<void> {
  const { default: library } = await import('dcmjs');
  library.log.setLevel('silent');
  for (const name of readdirSync(folder)) {
    const bytes = readFileSync(join(folder, name));
    const set = library.data.DicomMessage.readFile(
      bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength),
    );
    library.anonymizer.cleanTags(set.dict);
    writeFileSync(join(out, name), Buffer.from(set.write()));
  }
}

function contenders(folder: string, own: OwnProcess, peer: OwnProcess | null): Contender[] {
  const list: Contender[] = [
    {
      name: 'cp',
      before: () => freshWithRoom('cp', folder),
      run: () => program('cp', ['-r', folder, join(work, 'out', 'cp')]),
    },
    {
      name: 'Lethe',
      before: () => wake('lethe', own, folder),
      run: () => own.run(folder, join(work, 'out', 'lethe')),
    },
  ];
  if (has('gdcmanon') && has('openssl')) {
    const recipient = certificate(work);
    list.push({
      name: 'gdcmanon -e',
      startUp: () => program('gdcmanon', ['--version']),
      before: () => freshWithRoom('gdcm', folder),
      run: () => program('gdcmanon', ['-e', '-r', '-c', recipient, '-i', folder, '-o', join(work, 'out', 'gdcm')]),
    });
  }
  if (peer !== null)
    list.push({
      name: 'dcmjs',
      before: () => wake('dcmjs', peer, folder),
      run: () => peer.run(folder, join(work, 'out', 'dcmjs')),
    });
  return list;
}

async function compare(
  title: string,
  folder: string,
  count: number,
  warm: number,
  withDcmjs: boolean,
): Promise<string> {
  const files = readdirSync(folder);
  const bytes = files.reduce((sum, f) => sum + statSync(join(folder, f)).size, 0);
  // Beside programs of one thread: one that computes, and one that reads and writes for it.
  const own = ownProcess('lethe', 1);
  const peer = withDcmjs ? ownProcess('dcmjs') : null;
  const times = await rounds(contenders(folder, own, peer), count, warm).finally(() => {
    own.end();
    peer?.end();
  });
  const cp = times.get('cp') ?? NaN;
  return table(
    `${title}: ${files.length} files, ${(bytes / 1048576).toFixed(0)} MiB, median of ${count}`,
    ['program', '× cp', 'ms a file'],
    [...times].map(([name, ms]) => [name, ms / cp, ms / files.length]),
  );
}

/** `HEADERS=ct,sr,cine` chooses. */
export async function benchHeaders(count = Number(process.env.ROUNDS ?? 5)): Promise<string> {
  const wanted = (process.env.HEADERS ?? 'ct,sr,cine').split(',');
  work = mkdtempSync(join(workFolder(6 * 2 ** 30), 'lethe-bench-'));
  try {
    const parts = [
      `In ${work.startsWith('/dev/shm') ? 'memory (/dev/shm)' : work}; Lethe flushes every file, the others none.\n`,
    ];
    if (wanted.includes('ct')) parts.push(await compare('CT headers', corpus('ct', 1000, ct), count, 4, true));
    if (wanted.includes('sr'))
      parts.push(await compare('Deep structured reports', corpus('sr', 200, report), count, 6, true));
    if (wanted.includes('cine')) {
      const large = corpus('cine', 3, (i) => cine(i, 100 + 100 * i));
      parts.push(await compare('Cine', large, count, 1, false));
      parts.push(`Peak resident memory of Lethe on these: ${peakMemory(large).toFixed(0)} MiB\n`);
    }
    return parts.join('\n');
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}
