import { beforeAll, describe, expect, it, vi } from 'vitest';
import { defaultFacts, imageFile, parsed, provideCodecs, sourceOf } from '../../../fixtures/pixel-files';
import { drawInk, paint } from '../../../scripts/model/drawn-text';
import { freshModels } from '../../../scripts/model/node-models';
import { basicProfile, type Profile } from '../deid/profile';
import { createTextEngine } from '../detect';
import { openFrames } from '../pixels/frames';
import { outputBytes } from '../verify/output';
import { createEngine } from './engine';

vi.setConfig({ testTimeout: 120_000 });
beforeAll(() => provideCodecs());

const columns = 320;
const rows = 160;

/** A grey image with a name in an overlay over it; the pixels say nothing. */
function withNameOver(): Uint8Array {
  const bitmap = { width: columns, height: rows, channels: 1 as const, data: new Uint8Array(columns * rows) };
  paint(bitmap, drawInk('BRANDTNER KARL', 'DejaVuSans', 20, 0), 40, 60, 255);
  const packed = new Uint8Array((columns * rows) / 8);
  bitmap.data.forEach((v, i) => {
    if (v > 127) packed[i >> 3] = (packed[i >> 3] ?? 0) | (1 << (i & 7));
  });
  return imageFile({ ...defaultFacts, rows, columns }, new Uint8Array(columns * rows).fill(60), {
    sopClass: '1.2.840.10008.5.1.4.1.1.2',
    extra: [
      [0x00080060, 'CS', 'CT'],
      [0x60000010, 'US', [rows]],
      [0x60000011, 'US', [columns]],
      [0x60000040, 'CS', 'G'],
      [0x60000050, 'SS', [1, 1]],
      [0x60000100, 'US', [1]],
      [0x60000102, 'US', [0]],
      [0x60003000, 'OW', packed],
    ],
  });
}

describe('text in overlays', () => {
  it('is found and taken out where the profile keeps them, though nobody would look at such pixels', async () => {
    const models = await freshModels();
    const engine = createEngine({ textEngine: () => createTextEngine({ models, backend: 'wasm' }) });
    const keeping: Profile = {
      ...basicProfile,
      overrides: [{ tag: '60xx3000', action: 'K' }],
      pixels: { ...basicProfile.pixels, policy: 'auto' },
    };
    const bytes = withNameOver();
    const source = sourceOf(bytes);
    const done = await engine.process({ path: 'a.dcm', source }, { profile: keeping, key: new Uint8Array(32).fill(1) });
    if (!done.ok) throw new Error(done.message);
    expect(done.value.pixels).toMatchObject({ check: 'checked', risk: 'kept-overlays' });
    const out = outputBytes(done.value.parts, source);
    const output = (await out.read(0, out.size)).slice();
    const frames = openFrames(parsed(output), sourceOf(output));
    if (!frames.ok) throw new Error(frames.message);
    const view = await frames.value.view(0);
    if (!view.ok) throw new Error(view.message);
    expect(parsed(output).elements.some((e) => e.tag === 0x60003000)).toBe(true);
    // All of the name was in the overlay, and all of it is gone.
    expect(view.value.overlay ?? new Uint8Array(1)).not.toContain(1);
    engine.dispose();
  });
});
