import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { countingScratch } from '../../fixtures/counting-scratch';
import { defaultFacts, image } from '../../fixtures/pixel-files';
import { bytesSource } from '../core/bytes';
import { basicProfile } from '../core/deid/profile';
import type { Region } from '../core/detect/types';
import { memorySink } from '../core/export/memory';
import { batchFacts, runBatch } from '../core/pipeline/batch';
import { createEngine } from '../core/pipeline/engine';
import { ok } from '../core/result';
import type { ScratchStore } from '../core/scratch';
import { fileScratch } from './scratch';

const folder = mkdtempSync(join(tmpdir(), 'lethe-scratch-'));
afterAll(() => rmSync(folder, { recursive: true }));

describe('a scratch file', () => {
  it('has no name on the disk, and is read by its reference until it is released', async () => {
    const store = fileScratch(folder);
    const scratch = await store.create();
    expect(readdirSync(folder)).toEqual([]);
    await scratch.append(Uint8Array.of(1, 2, 3));
    await scratch.append(Uint8Array.of(4, 5));
    expect([...(await scratch.read(1, 4))]).toEqual([2, 3, 4]);
    const ref = await scratch.seal();
    expect(ref.size).toBe(5);
    const source = store.open(ref);
    expect([...(await source.read(0, 99))]).toEqual([1, 2, 3, 4, 5]);
    const into = new Uint8Array(2);
    await source.readInto?.(3, into);
    expect([...into]).toEqual([4, 5]);
    await store.release(ref);
    await expect(source.read(0, 1)).rejects.toThrow();
    const dropped = await store.create();
    await dropped.discard();
    await expect(dropped.append(Uint8Array.of(1))).rejects.toThrow();
  });
});

const facts = { ...defaultFacts, rows: 64, columns: 64, frames: 6 };
const file = image(
  facts,
  Uint8Array.from({ length: 64 * 64 * 6 }, (_, i) => (i * 37) & 0xff),
  { extra: [[0x00100010, 'PN', 'Quillfeather^Ambrose']] },
).bytes;
const regions: readonly Region[] = [
  { id: 'a', x: 2, y: 3, width: 50, height: 40, frame: 'all', origin: 'drawn', action: 'redact' },
];

async function batch(
  store: ScratchStore,
  more: { readonly signal?: AbortSignal; readonly fail?: boolean } = {},
): Promise<{ status: string | undefined; files: Uint8Array[] }> {
  const engine = createEngine({ scratch: store });
  const input = { path: 'a.dcm', source: bytesSource(file) };
  const sink = memorySink();
  const result = await runBatch({
    items: [{ path: input.path, size: file.length, regions }],
    profile: basicProfile,
    key: new Uint8Array(32).fill(7),
    runner: {
      inspect: async () => {
        const summary = await engine.inspect(input);
        return summary.ok ? ok(batchFacts(summary.value)) : summary;
      },
      hash: () => engine.hash(input),
      process: (_, settings, signal) => engine.process(input, settings, signal),
      source: () => input.source,
      scratch: store,
    },
    sink:
      more.fail === true
        ? { ...sink, write: () => Promise.resolve({ ok: false, code: 'write-failed', message: 'no' } as const) }
        : sink,
    concurrency: 1,
    hash: true,
    signal: more.signal ?? new AbortController().signal,
  });
  if (!result.ok) throw new Error(result.message);
  return { status: result.value.outcomes[0]?.status, files: [...sink.files.values()] };
}

describe('what a batch put aside', () => {
  it('reaches the destination as it would have from memory, and is gone afterwards', async () => {
    const spilling = countingScratch({ heldBytes: 1000 });
    const roomy = countingScratch();
    const a = await batch(spilling);
    const b = await batch(roomy);
    expect([a.status, b.status]).toEqual(['exported', 'exported']);
    expect(spilling).toMatchObject({ made: 1, alive: 0 });
    expect(roomy).toMatchObject({ made: 0, alive: 0 });
    expect(a.files).toHaveLength(1);
    expect(Buffer.from(a.files[0] ?? []).equals(Buffer.from(b.files[0] ?? [9]))).toBe(true);
    const onDisk = await batch({ ...fileScratch(folder), heldBytes: 0 });
    expect(Buffer.from(onDisk.files[0] ?? []).equals(Buffer.from(b.files[0] ?? [9]))).toBe(true);
  });

  it('is gone when the destination fails, the disk is full or the work is cancelled', async () => {
    const failing = countingScratch({ heldBytes: 0 });
    expect((await batch(failing, { fail: true })).status).toBe('skipped');
    expect(failing).toMatchObject({ made: 1, alive: 0 });
    const full = countingScratch({ heldBytes: 0, capacity: 100 });
    expect((await batch(full)).status).toBe('refused');
    expect(full).toMatchObject({ made: 1, alive: 0 });
    const stop = new AbortController();
    const counting = countingScratch({ heldBytes: 0 });
    const stopping: ScratchStore = {
      ...counting,
      create: () => {
        stop.abort();
        return counting.create();
      },
    };
    expect((await batch(stopping, { signal: stop.signal })).status).toBe('skipped');
    expect(counting).toMatchObject({ alive: 0 });
  });
});
