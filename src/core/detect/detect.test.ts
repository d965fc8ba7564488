import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { drawInk, paint } from '../../../scripts/model/drawn-text';
import { scriptHelpers } from '../../../scripts/model/node-helpers';
import { freshModels } from '../../../scripts/model/node-models';
import { createTextEngine, detectFrames, type GreyFrame, type Helpers, type TextEngine, type TextImage } from './index';
import { ok } from '../result';
import { detectors } from './detectors';
import { KernelModule } from './kernels/module';
import { Networks } from './networks';
import type { TextRegion } from './types';
import { textProbability } from './verifier/head';
import { featureCount } from './verifier/network-shape';

let engine: TextEngine;

beforeAll(async () => {
  const made = await createTextEngine({ models: await freshModels(), backend: 'wasm' });
  if (!made.ok) throw new Error(made.message);
  engine = made.value;
});
afterAll(() => engine.dispose());

const judging = { policy: 'everything', keep: [] } as const;

function page(width = 480, height = 320, level = 15): TextImage & { data: Uint8Array } {
  return { width, height, channels: 1, data: new Uint8Array(width * height).fill(level) };
}

function write(image: TextImage & { data: Uint8Array }, text: string, x: number, y: number, size = 16, angle = 0) {
  const ink = drawInk(text, (text.codePointAt(0) ?? 0) > 0x3000 ? 'chinese' : 'DejaVuSans', size, angle);
  paint(image, ink, x, y, 235);
  return { x, y, width: ink.width, height: ink.height };
}

async function detect(image: TextImage | GreyFrame, options = {}): Promise<readonly TextRegion[]> {
  const found = await engine.detect(image, { ...judging, ...options });
  if (!found.ok) throw new Error(found.message);
  return found.value;
}

/** Whether some regions together cover a rectangle's pixels. */
function covered(
  rect: { x: number; y: number; width: number; height: number },
  regions: readonly TextRegion[],
): boolean {
  for (let y = rect.y; y < rect.y + rect.height; y++)
    for (let x = rect.x; x < rect.x + rect.width; x++)
      if (!regions.some((r) => x >= r.x && y >= r.y && x < r.x + r.width && y < r.y + r.height)) return false;
  return true;
}

describe('a second thread', () => {
  it('changes no result, hears an abort and leaves no tensor', async () => {
    const made = await createTextEngine({ models: await freshModels(), backend: 'wasm', helpers: scriptHelpers(1) });
    if (!made.ok) throw new Error(made.message);
    const image = page(640, 480);
    ['DOE, JANE', '1970-01-31', 'Depth 14 cm', 'Gain 62%'].forEach((text, i) =>
      write(image, text, 10, 10 + 90 * i, 14),
    );
    const alone = await detect(image);
    const before = made.value.tensors();
    // The thread takes a moment to start.
    for (let i = 0; i < 4; i++) expect(await made.value.detect(image, judging)).toEqual({ ok: true, value: alone });
    const stop = new AbortController();
    setTimeout(() => stop.abort(), 30);
    const stopped = await made.value.detect(image, judging, stop.signal);
    expect(stopped).toMatchObject({ ok: false, code: 'cancelled' });
    expect(await made.value.detect(image, judging)).toEqual({ ok: true, value: alone });
    expect(made.value.tensors()).toBe(before);
    made.value.dispose();
  });

  it('that fails makes the search fail, not its result wrong', async () => {
    const helpers: Helpers = {
      count: 1,
      start: ({ board }) => {
        // As a helper does whose kernel has failed.
        new Int32Array(board)[34] = 1;
        return () => undefined;
      },
    };
    const made = await createTextEngine({ models: await freshModels(), backend: 'wasm', helpers });
    if (!made.ok) throw new Error(made.message);
    const image = page(320, 240);
    write(image, 'DOE, JANE', 20, 20);
    await expect(made.value.detect(image, judging)).rejects.toThrow('has failed');
    made.value.dispose();
  });

  it('or none: the memory holds no more after many images than after the first', async () => {
    const modules: KernelModule[] = [];
    const load = KernelModule.load.bind(KernelModule);
    const spy = vi.spyOn(KernelModule, 'load').mockImplementation(async (...all) => {
      const made = await load(...all);
      modules.push(made);
      return made;
    });
    const made = await createTextEngine({ models: await freshModels(), backend: 'wasm' });
    if (!made.ok) throw new Error(made.message);
    const image = page();
    write(image, 'DOE, JANE', 20, 20);
    const round = async (): Promise<readonly number[]> => {
      expect((await made.value.detect(image, judging)).ok).toBe(true);
      return modules.flatMap((module) => [module.held, module.run.memory.buffer.byteLength]);
    };
    const first = await round();
    for (let i = 0; i < 4; i++) expect(await round()).toEqual(first);
    // Both networks share one.
    expect(modules).toHaveLength(1);
    spy.mockRestore();
    made.value.dispose();
  });
});

describe('learning from corrections', () => {
  it('turns the verifier about what was corrected, back again, and leaves no tensor', async () => {
    const image = page();
    const text = write(image, 'DOE, JANE', 6, 4);
    const icon = { x: 200, y: 150, width: 60, height: 20 };
    for (let y = icon.y; y < icon.y + icon.height; y += 4)
      image.data.fill(220, y * image.width + icon.x, y * image.width + icon.x + icon.width);
    await detect(image);
    const warm = await engine.corrections(image, [{ rect: icon, text: false }]);
    expect(warm.ok).toBe(true);
    const before = engine.tensors();
    const said = await engine.corrections(image, [
      { rect: text, text: true },
      { rect: icon, text: false },
    ]);
    if (!said.ok) throw new Error(said.message);
    expect(said.value.map((correction) => correction.text)).toContain(false);
    // Numbers of the network's last layer: none of the image's pixels, and no letter.
    expect(said.value.every(({ features }) => features.length === featureCount)).toBe(true);
    const learnt = await engine.learn(said.value);
    if (!learnt.ok) throw new Error(learnt.message);
    for (const { features, text: isText } of said.value) {
      expect(textProbability(learnt.value, features) > 0.5).toBe(isText);
    }
    engine.useHead(learnt.value);
    const kept = await detect(image);
    expect(covered(text, kept)).toBe(true);
    engine.useHead(null);
    expect(engine.tensors()).toBe(before);
  });
});

describe('text engine', () => {
  it('covers and reads what is written, and nothing else', async () => {
    const image = page();
    const name = write(image, 'DOE, JANE', 6, 4);
    const date = write(image, '1970-01-31', 330, 290);
    const chinese = write(image, '张伟医院', 40, 150, 22);
    const regions = await detect(image);
    expect(covered(name, regions) && covered(date, regions) && covered(chinese, regions)).toBe(true);
    expect(regions).toHaveLength(3);
    expect(regions.map((r) => r.text?.replace(/\s/g, ''))).toEqual(['DOE,JANE', '张伟医院', '1970-01-31']);
    expect(regions.map((r) => r.textClass)).toEqual(['identifying', 'identifying', 'identifying']);
    const area = regions.reduce((sum, r) => sum + r.width * r.height, 0);
    expect(area).toBeLessThan(0.09 * image.width * image.height);
  });

  it('reads text that is turned', async () => {
    const image = page();
    const up = write(image, 'PATIENT 4711', 20, 60, 18, -Math.PI / 2);
    const over = write(image, 'UPSIDE DOWN 42', 150, 100, 18, Math.PI);
    const regions = await detect(image);
    expect(covered(up, regions) && covered(over, regions)).toBe(true);
    const texts = regions.map((r) => r.text?.replace(/\s/g, ''));
    expect(texts).toContain('PATIENT4711');
    expect(texts).toContain('UPSIDEDOWN42');
  });

  it('never drops a block of large narrow lines, and reads them one by one', async () => {
    const image = page(756, 486, 2);
    const texts = ['9261', 'M    63', '08/20/31'];
    const lines = texts.map((text, i) => write(image, text, 80, 40 + i * 30, 32));
    const regions = await detect(image);
    for (const line of lines) expect(covered(line, regions)).toBe(true);
    const read = regions.map((r) => r.text?.replace(/\s/g, ''));
    expect(read).toContain('9261');
    expect(read).toContain('08/20/31');
  });

  it('finds 16-bit text that the window of the header hides', async () => {
    const { width, height, data: grey } = page(480, 320, 0);
    const drawn = page(480, 320, 0);
    const name = write(drawn, 'HIDDEN NAME', 200, 100, 18);
    const data = Uint16Array.from(grey, (_, i) => 2000 + (drawn.data[i] ?? 0) * 2);
    const frame: GreyFrame = {
      width,
      height,
      samples: 1,
      data,
      bitsStored: 12,
      min: 2000,
      max: data.reduce((a, b) => Math.max(a, b), 0),
      display: 'gray',
      grayscale: {
        slope: 1,
        intercept: 0,
        windows: [{ center: 500, width: 1000 }],
        function: 'LINEAR',
        inverted: false,
      },
    };
    expect(covered(name, await detect(frame))).toBe(true);
  });

  it('finds nothing where there is nothing', async () => {
    expect(await detect(page())).toEqual([]);
    const soft = page();
    soft.data.forEach((_, i) => (soft.data[i] = 90 + 60 * Math.sin((i % 480) / 40) * Math.cos(i / 480 / 30)));
    expect(await detect(soft)).toEqual([]);
  });

  it('leaves no tensor behind', async () => {
    const image = page(200, 120);
    write(image, 'ABC 123', 20, 40);
    await detect(image);
    const before = engine.tensors();
    await detect(image);
    const stopped = await engine.detect(image, judging, AbortSignal.abort());
    expect(stopped).toMatchObject({ ok: false, code: 'cancelled' });
    expect(engine.tensors()).toBe(before);
  });

  it('stops in the middle when asked to', async () => {
    const image = page(1000, 800);
    write(image, 'LONG WORK', 100, 100, 30);
    write(image, 'LONG WORK', 700, 700, 30);
    const controller = new AbortController();
    setTimeout(() => controller.abort(), 1);
    expect(await engine.detect(image, judging, controller.signal)).toMatchObject({ ok: false, code: 'cancelled' });
  });

  it('says so when a model is missing', async () => {
    const models = { read: () => Promise.reject(new Error('gone')), wasmPaths: (await freshModels()).wasmPaths };
    expect(await createTextEngine({ models, backend: 'wasm' })).toMatchObject({ ok: false, code: 'model-unavailable' });
  });
});

describe('many frames', () => {
  const tissue = (seed: number): TextImage & { data: Uint8Array } => {
    const image = page(320, 240);
    for (let y = 60; y < 200; y++)
      for (let x = 60; x < 260; x++)
        image.data[y * 320 + x] = 70 + 50 * Math.sin((x + seed * 3) / 9) * Math.cos((y - seed * 2) / 11);
    return image;
  };
  const asFrame = (image: TextImage & { data: Uint8Array }): GreyFrame => ({
    width: image.width,
    height: image.height,
    samples: 1,
    data: image.data,
    bitsStored: 8,
    min: 0,
    max: 255,
    display: 'gray',
    grayscale: { slope: 1, intercept: 0, windows: [], function: 'LINEAR', inverted: false },
  });

  it('finds text of the first frame, text that comes late, and text on moving tissue', async () => {
    const labels: { x: number; y: number; width: number; height: number }[] = [];
    const frames = Array.from({ length: 24 }, (_, i) => {
      const image = tissue(i);
      labels[0] = write(image, 'DOE JANE', 6, 6, 14);
      if (i === 17) labels[1] = write(image, 'LATE 0815', 220, 215, 14);
      if (i >= 8) labels[2] = write(image, 'LIVER', 120, 120, 16);
      return asFrame(image);
    });
    const seen: number[] = [];
    const before = engine.tensors();
    const found = await detectFrames(
      engine,
      { count: frames.length, view: (i) => Promise.resolve(ok(frames[i]!)) },
      judging,
      undefined,
      (done) => seen.push(done),
    );
    if (!found.ok) throw new Error(found.message);
    for (const label of labels) expect(covered(label, found.value)).toBe(true);
    expect(seen.at(-1)).toBe(24);
    expect(engine.tensors() - before).toBeLessThan(400);
  });
});

describe('registry', () => {
  it('every detector has a name of its own and finds plain text', async () => {
    expect(new Set(detectors.map((d) => d.name)).size).toBe(detectors.length);
    const image = page(240, 120);
    write(image, 'HELLO 42', 60, 50, 18);
    for (const entry of detectors) {
      const networks = new Networks(await freshModels(), 'wasm');
      const detector = await entry.create(networks);
      const found = await detector.detect([image], { effort: 'normal', breathe: () => Promise.resolve() });
      expect(found.length).toBeGreaterThan(0);
      detector.dispose();
    }
  });
});
