import { describe, expect, it } from 'vitest';
import { buildDicom } from '../../../fixtures/build';
import type { DicomCase } from '../../../fixtures/types';
import { bytesSource, isSourceRange, type ByteSource, type Part } from '../bytes';
import { basicProfile, type Profile } from '../deid/profile';
import type { TextEngine } from '../detect';
import type { Region, TextRegion } from '../detect/types';
import { findElement } from '../dicom/data-set';
import { parseDicomBytes } from '../dicom/parse';
import { stringOf } from '../dicom/values';
import { ok } from '../result';
import { createEngine } from './engine';
import { failure } from './errors';
import { createEngineHost, packParts } from './host';
import type { Input, ProcessSettings } from './types';

const key = new Uint8Array(32).fill(3);
const input = (bytes: Uint8Array, path = 'set/IM1'): Input => ({ path, source: bytesSource(bytes) });
const settings = (pixels: Partial<Profile['pixels']> = {}, more: Partial<ProcessSettings> = {}): ProcessSettings => ({
  profile: { ...basicProfile, pixels: { ...basicProfile.pixels, ...pixels } },
  key,
  ...more,
});

const side = 32;
const capture = (more: Partial<DicomCase> = {}): Uint8Array =>
  buildDicom({
    name: 'capture',
    extends: 'sc',
    elements: [
      { tag: '00280010', vr: 'US', value: side },
      { tag: '00280011', vr: 'US', value: side },
      { tag: '00280301', vr: 'CS', value: 'YES' },
      { tag: '7FE00010', vr: 'OB', value: { length: side * side, fill: 'ramp' } },
    ],
    ...more,
  });
const ct = buildDicom({ name: 'ct', extends: 'ct', elements: [] });

/** Finds the given regions in every image it is shown. */
function fakeText(regions: readonly Partial<TextRegion>[], calls: unknown[] = []) {
  const engine: TextEngine = {
    backend: 'wasm',
    detect: (frame, options) => {
      calls.push({ width: 'width' in frame ? frame.width : frame[0]?.width, options });
      return Promise.resolve(
        ok(regions.map((r) => ({ x: 4, y: 4, width: 8, height: 4, score: 0.9, action: 'redact', ...r }))),
      );
    },
    corrections: () => Promise.resolve(ok([])),
    learn: () => Promise.resolve(ok({ weights: new Float32Array(0), bias: 0 })),
    useHead: () => undefined,
    tensors: () => 0,
    dispose: () => undefined,
  };
  return () => Promise.resolve(ok(engine));
}

async function joined(parts: readonly Part[], source: ByteSource): Promise<Uint8Array> {
  const pieces: Uint8Array[] = [];
  for (const part of parts) pieces.push(isSourceRange(part) ? await source.read(part.start, part.end) : part);
  return Uint8Array.from(Buffer.concat(pieces));
}

async function output(engine: ReturnType<typeof createEngine>, bytes: Uint8Array, how: ProcessSettings) {
  const processed = await engine.process(input(bytes), how);
  if (!processed.ok) throw new Error(`${processed.code}: ${JSON.stringify(processed.findings)}`);
  const whole = await joined(processed.value.parts, bytesSource(bytes));
  const file = parseDicomBytes(whole);
  if (!file.ok) throw new Error(file.message);
  return { ...processed.value, whole, file: file.value };
}

const pixelsOf = (bytes: Uint8Array): Uint8Array => {
  const file = parseDicomBytes(bytes);
  if (!file.ok) throw new Error(file.message);
  const element = findElement(file.value.elements, 0x7fe00010)!;
  return file.value.bytes(element.valueStart, element.valueEnd);
};

describe('process, by pixel policy', () => {
  it('auto: an original slice is not looked at, and its pixels stay as they are', async () => {
    const calls: unknown[] = [];
    const engine = createEngine({ textEngine: fakeText([{}], calls) });
    const done = await output(engine, ct, settings());
    expect(calls).toHaveLength(0);
    expect(done.pixels).toEqual({ check: 'none', risk: 'original-slice', redacted: 0, kept: 0 });
    expect(pixelsOf(done.whole)).toEqual(pixelsOf(ct));
    expect(stringOf(done.file, 0x00100010)).toMatch(/^ANON-/);
    expect(done.outputPath).toMatch(/^ANON-[0-9A-Z]+\/2\.25\.\d+\/2\.25\.\d+\/2\.25\.\d+\.dcm$/);
    expect(done.whole.byteLength).toBe(done.size);
  });

  it('auto: a capture is looked at, and only what was found is redacted', async () => {
    const bytes = capture();
    const engine = createEngine({ textEngine: fakeText([{}, { x: 20, y: 20, action: 'keep' }]) });
    const done = await output(engine, bytes, settings({ style: 'solid' }));
    expect(done.pixels).toMatchObject({ check: 'checked', redacted: 1, kept: 1 });
    expect(done.regions.map((r) => [r.id, r.origin, r.frame])).toEqual([
      ['found-1', 'found', 'all'],
      ['found-2', 'found', 'all'],
    ]);
    const before = pixelsOf(bytes);
    pixelsOf(done.whole).forEach((value, i) => {
      const [x, y] = [i % side, Math.floor(i / side)];
      const inside = x >= 4 && x < 12 && y >= 4 && y < 8;
      expect(value, `${x},${y}`).toBe(inside ? 0 : before[i]);
    });
    expect(stringOf(done.file, 0x00280301)).toBe('NO');
  });

  it('off: exported as it is, which is written down, and (0028,0301) still says YES', async () => {
    const bytes = capture();
    const engine = createEngine({ textEngine: fakeText([{}]) });
    const done = await output(engine, bytes, settings({ policy: 'off' }));
    expect(done.pixels.check).toBe('unchecked');
    expect(pixelsOf(done.whole)).toEqual(pixelsOf(bytes));
    expect(stringOf(done.file, 0x00280301)).toBe('YES');
  });

  it('all: even a slice is looked at', async () => {
    const calls: unknown[] = [];
    const engine = createEngine({ textEngine: fakeText([], calls) });
    expect((await output(engine, ct, settings({ policy: 'all' }))).pixels.check).toBe('checked');
    expect(calls).toHaveLength(1);
  });

  it('waits for review when the check that is asked for is impossible', async () => {
    const noModel = createEngine({ textEngine: () => Promise.resolve(failure('model-unavailable')) });
    expect(await noModel.process(input(capture()), settings())).toMatchObject({ code: 'model-unavailable' });
    expect(await createEngine().process(input(capture()), settings())).toMatchObject({ code: 'model-unavailable' });
    const engine = createEngine({ textEngine: fakeText([]) });
    const short = capture({ elements: [{ tag: '00280010', vr: 'US', value: 4000 }] });
    expect(await engine.process(input(short), settings())).toMatchObject({ code: 'bad-pixel-data' });
    expect(await engine.process(input(short), settings({ policy: 'off' }))).toMatchObject({ code: 'bad-pixel-data' });
  });

  it('does what a person decided, and asks no model', async () => {
    const engine = createEngine();
    const region: Region = {
      id: 'drawn-1',
      origin: 'drawn',
      frame: 0,
      x: 0,
      y: 0,
      width: 5,
      height: 5,
      action: 'redact',
    };
    const done = await output(engine, capture(), settings({ style: 'solid' }, { regions: [region] }));
    expect(done.pixels).toMatchObject({ check: 'decided', redacted: 1 });
    expect(pixelsOf(done.whole)[0]).toBe(0);
    // The header says that there is text: then "nothing to redact" has to be said in so many words.
    const held = await engine.process(input(capture()), settings({}, { regions: [] }));
    expect(held).toMatchObject({
      code: 'needs-review',
      findings: [{ check: 'pixel-policy', severity: 'overridable' }],
    });
    const accepted = [{ check: 'pixel-policy', reason: 'looked at it' }];
    const nothing = await output(engine, capture(), settings({}, { regions: [], accepted }));
    expect(nothing.pixels).toMatchObject({ check: 'decided', redacted: 0 });
    expect(pixelsOf(nothing.whole)).toEqual(pixelsOf(capture()));
  });

  it('judges text by the identity of the whole session', async () => {
    const calls: { options: { identity?: { names: readonly string[] } } }[] = [];
    const engine = createEngine({ textEngine: fakeText([{}], calls) });
    const identity = { patientKey: 'k', names: ['Maiden^Name'], ids: [], dates: [], texts: [], pathNames: [] };
    await output(engine, capture(), settings({}, { identity }));
    expect(calls[0]?.options.identity?.names).toEqual(
      expect.arrayContaining(['Maiden^Name', 'Planted^Patricia', 'Referrer^Rita']),
    );
  });

  it('hashes input and output when asked', async () => {
    const done = await output(createEngine(), ct, settings({}, { hash: true }));
    const { createHash } = await import('node:crypto');
    expect(done.sha256In).toBe(createHash('sha256').update(ct).digest('hex'));
    expect(done.sha256Out).toBe(createHash('sha256').update(done.whole).digest('hex'));
    expect((await output(createEngine(), ct, settings())).sha256In).toBeUndefined();
  });

  it('stops when cancelled', async () => {
    const stop = new AbortController();
    stop.abort();
    expect(await createEngine().process(input(ct), settings(), stop.signal)).toMatchObject({ code: 'cancelled' });
  });
});

describe('bad inputs', () => {
  const engine = createEngine({ textEngine: fakeText([]) });
  const text = (s: string): Uint8Array => new TextEncoder().encode(s);

  it.each([
    ['empty', new Uint8Array(0), 'empty-file'],
    ['text renamed .dcm', text('Dear colleague, thank you for referring Mrs Patricia Planted to us.'), 'not-an-image'],
    ['cut', ct.subarray(0, ct.byteLength - 20), 'truncated'],
    ['a ZIP', text('PK\u0003\u0004'), 'unsupported-format'],
  ])('%s: a plain sentence from every call', async (_, bytes, code) => {
    const bad = input(bytes, 'x.dcm');
    for (const result of [
      await engine.inspect(bad),
      await engine.plan(bad, settings()),
      await engine.frame(bad, 0),
      await engine.thumbnail(bad, 64),
      await engine.preview(bad, 0, [], 'blur'),
      await engine.process(bad, settings()),
    ]) {
      expect(result).toMatchObject({ ok: false, code });
      expect(result.ok ? '' : result.message).toMatch(/^[A-Z].+\.$/);
      expect(JSON.stringify(result)).not.toContain('Planted');
    }
  });

  it('a medium that fails is told apart from a defect', async () => {
    const gone: Input = { path: 'a', source: { size: 10, read: () => Promise.reject(new Error('unplugged')) } };
    expect(await engine.inspect(gone)).toMatchObject({ code: 'read-failed' });
    expect(await engine.hash(gone)).toMatchObject({ code: 'read-failed' });
  });

  it('a frame that is not there is an error, not a crash', async () => {
    for (const index of [-1, 1, 0.5, NaN]) expect(await engine.frame(input(ct), index)).toMatchObject({ ok: false });
  });

  it('a PNG under a DICOM name is not passed on unseen', async () => {
    const png = new Uint8Array([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
    expect(await engine.process(input(png, 'a/scan.dcm'), settings())).toMatchObject({ code: 'unsupported-format' });
  });
});

describe('inspect, frame, thumbnail, preview, plan', () => {
  const engine = createEngine({ textEngine: fakeText([]) });

  it('tell what it is', async () => {
    const summary = await engine.inspect(input(ct, 'Planted/IM1'));
    expect(summary).toMatchObject({
      ok: true,
      value: {
        kind: 'dicom',
        patient: { name: 'Planted^Patricia', id: 'PID-774411', sex: 'F' },
        series: { number: 3, modality: 'CT' },
        instance: { number: 7, sopClassName: 'CT Image Storage' },
        pixels: { rows: 8, columns: 8, frames: 1 },
        pixelRisk: { check: false },
      },
    });
  });

  it('show frames with exact extremes and leave them unchanged by a preview', async () => {
    const bytes = capture();
    const before = await engine.frame({ ...input(bytes), id: '1' }, 0);
    const region: Region = {
      id: 'a',
      origin: 'drawn',
      frame: 'all',
      x: 2,
      y: 2,
      width: 6,
      height: 6,
      action: 'redact',
    };
    const preview = await engine.preview({ ...input(bytes), id: '1' }, 0, [region], 'solid');
    const again = await engine.frame({ ...input(bytes), id: '1' }, 0);
    if (!before.ok || !preview.ok || !again.ok) throw new Error('no frame');
    expect(again.value.data).toEqual(before.value.data);
    expect(preview.value.data[2 * side + 2]).toBe(0);
    expect(preview.value.data[20 * side + 20]).toBe(before.value.data[20 * side + 20]);
    expect(preview.value.min).toBe(Math.min(...preview.value.data));
    const kept = await engine.preview(input(bytes), 0, [{ ...region, action: 'keep' }], 'solid');
    expect(kept.ok && kept.value.data).toEqual(before.value.data);
  });

  it('make small pictures', async () => {
    const thumbnail = await engine.thumbnail(input(capture()), 16);
    expect(thumbnail).toMatchObject({ ok: true, value: { width: 16, height: 16 } });
    expect(thumbnail.ok && thumbnail.value.data.length).toBe(16 * 16 * 4);
  });

  it('show the tag diff', async () => {
    const rows = await engine.plan(input(ct), settings());
    if (!rows.ok) throw new Error(rows.message);
    const name = rows.value.find((r) => r.tag === 0x00100010);
    expect(name).toMatchObject({ before: 'Planted^Patricia', changed: true });
    expect(name?.after).toMatch(/^ANON-/);
  });
});

describe('the host of a worker', () => {
  it('turns throws into values and aborts by the number of the call', async () => {
    const engine = createEngine({ textEngine: fakeText([]) });
    const host = createEngineHost<Uint8Array>({ engine, open: bytesSource, transfer: (value) => value });
    const ref = { path: 'a', ref: ct, id: '1' };
    expect(await host.inspect(ref)).toMatchObject({ ok: true });
    const running = host.process(7, ref, settings());
    host.abort(7);
    expect(await running).toMatchObject({ code: 'cancelled' });
    host.abort(99);
    const broken = createEngineHost<Uint8Array>({
      engine,
      open: () => {
        throw new TypeError('Planted^Patricia');
      },
      transfer: (value) => value,
    });
    const result = await broken.inspect(ref);
    expect(result).toMatchObject({ code: 'internal-error' });
    expect(JSON.stringify(result)).not.toContain('Planted');
  });

  it('hands over buffers of their own, never the memory that the engine keeps', () => {
    const kept = new Uint8Array([1, 2, 3, 4, 5, 6]);
    const packed = packParts([
      kept.subarray(0, 2),
      kept.subarray(4, 6),
      { start: 10, end: 20 },
      { start: 20, end: 30 },
      kept.subarray(1, 2),
    ]);
    expect(packed).toEqual([new Uint8Array([1, 2, 5, 6]), { start: 10, end: 30 }, new Uint8Array([2])]);
    for (const part of packed) if (!isSourceRange(part)) expect(part.buffer).not.toBe(kept.buffer);
    expect(packParts([])).toEqual([]);
  });
});
