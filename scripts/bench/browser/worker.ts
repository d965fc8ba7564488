/** Lethe in a worker of the browser: what it computes for a CT, and a folder from files to files beside a plain copy of them. */
import { basicProfile, type Profile } from '../../../src/core/deid/profile';
import { directorySink } from '../../../src/core/export/directory';
import { runBatch } from '../../../src/core/pipeline/batch';
import { createEngine } from '../../../src/core/pipeline/engine';
import { runLanes } from '../../../src/core/pipeline/lanes';
import { blobSource } from '../../../src/core/pipeline/sources';
import { bytesSource, type ByteSource } from '../../../src/core/bytes';
import { oneEngine } from '../one-engine';

const profile: Profile = { ...basicProfile, options: [], pixels: { ...basicProfile.pixels, policy: 'off' } };
const key = new Uint8Array(32).fill(7);
const lanes = 4;

/** The made files, as the benchmark's server has them. */
async function ct(i: number): Promise<Uint8Array<ArrayBuffer>> {
  const response = await fetch(new URL(`/ct/${i}.dcm`, self.location.origin));
  if (!response.ok) throw new Error(`no file ${i}`);
  return new Uint8Array(await response.arrayBuffer());
}

/** Milliseconds of computing a file, the source being memory: both passes, the gate included. One number a round. */
async function computing(files: number, rounds: number): Promise<number[]> {
  const engine = createEngine();
  const inputs: { path: string; size: number; source: ByteSource }[] = [];
  for (let i = 0; i < files; i += 1) {
    const bytes = await ct(i);
    inputs.push({ path: `${i}.dcm`, size: bytes.byteLength, source: bytesSource(bytes) });
  }
  const times: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const start = performance.now();
    for (const input of inputs) {
      const facts = await engine.facts(input);
      if (!facts.ok) throw new Error(facts.message);
      const done = await engine.process(input, { profile, key, hash: false, identity: facts.value.identity });
      if (!done.ok) throw new Error(done.message);
    }
    times.push((performance.now() - start) / files);
  }
  return times;
}

async function corpus(files: number): Promise<File[]> {
  const root = await navigator.storage.getDirectory();
  const folder = await root.getDirectoryHandle('in', { create: true });
  const made: File[] = [];
  for (let i = 0; i < files; i += 1) {
    const handle = await folder.getFileHandle(`${i}.dcm`, { create: true });
    const stream = await handle.createWritable();
    await stream.write(await ct(i));
    await stream.close();
    made.push(await handle.getFile());
  }
  return made;
}

async function freshFolder(name: string): Promise<FileSystemDirectoryHandle> {
  const root = await navigator.storage.getDirectory();
  await root.removeEntry(name, { recursive: true }).catch(() => undefined);
  return root.getDirectoryHandle(name, { create: true });
}

async function copyAll(files: readonly File[]): Promise<number> {
  const folder = await freshFolder('copy');
  const start = performance.now();
  await runLanes(files, lanes, async (file) => {
    const handle = await folder.getFileHandle(file.name, { create: true });
    const stream = await handle.createWritable();
    await stream.write(await file.arrayBuffer());
    await stream.close();
  });
  return performance.now() - start;
}

async function lethe(files: readonly File[]): Promise<number> {
  const folder = await freshFolder('out');
  const engine = createEngine();
  const inputs = files.map((file) => ({ path: file.name, size: file.size, source: blobSource(file) }));
  const start = performance.now();
  const batch = await runBatch({
    items: inputs,
    profile,
    key,
    runner: oneEngine(engine, inputs),
    sink: directorySink(folder),
    concurrency: lanes,
    hash: false,
    signal: new AbortController().signal,
  });
  const spent = performance.now() - start;
  if (!batch.ok) throw new Error(batch.message);
  const bad = batch.value.outcomes.find((o) => o.status !== 'exported');
  if (bad !== undefined) throw new Error(`${bad.code ?? ''} ${bad.message ?? ''}`);
  return spent;
}

interface Request {
  readonly files: number;
  readonly rounds: number;
  readonly what: 'computing' | 'folder';
}

async function answer({ files, rounds, what }: Request): Promise<unknown> {
  if (what === 'computing') return computing(files, rounds);
  const inputs = await corpus(files);
  const times: { copy: number; lethe: number }[] = [];
  for (let round = 0; round < rounds; round += 1)
    times.push({ copy: (await copyAll(inputs)) / files, lethe: (await lethe(inputs)) / files });
  return times;
}

self.onmessage = (event: MessageEvent<Request>) => {
  answer(event.data).then(
    (result) => {
      self.postMessage({ result });
    },
    (error: unknown) => {
      self.postMessage({ error: String(error) });
    },
  );
};
