import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  dataBytes,
  defaultFacts,
  hasData,
  imageFile,
  parsed,
  provideCodecs,
  sourceOf,
  type ImageOptions,
} from '../../../fixtures/pixel-files';
import { basicProfile, type Profile } from '../deid/profile';
import type { Region } from '../detect/types';
import { createEngine } from '../pipeline/engine';
import { outputBytes } from '../verify/output';
import { openFrames } from './frames';
import type { PixelFacts } from './types';

beforeAll(() => provideCodecs());
const scratch = mkdtempSync(join(tmpdir(), 'lethe-overlays-'));
afterAll(() => rmSync(scratch, { recursive: true }));

const ROWS = 9;
const COLUMNS = 11;

interface Made {
  readonly bigEndian: boolean;
  readonly frames: number;
  readonly rows: number;
  readonly columns: number;
  /** Overlay Origin, counted from 1. */
  readonly top: number;
  readonly left: number;
  /** Number of Frames in Overlay and Image Frame Origin; undefined: it does not say. */
  readonly bitmaps: number | undefined;
  readonly first: number | undefined;
  readonly vr: 'OW' | 'OB';
  readonly seed: number;
}

/** A bit of a bitmap: any pattern will do that is no other's. */
const isSet = ({ seed }: Made, bitmap: number, x: number, y: number): boolean =>
  ((x * 7 + y * 13 + bitmap * 5 + seed) * 40503) % 5 < 2;

function overlayBytes(o: Made): Uint8Array {
  const count = o.bitmaps ?? 1;
  const bytes = new Uint8Array(Math.ceil((o.rows * o.columns * count) / 16) * 2);
  for (let n = 0; n < o.rows * o.columns * count; n++) {
    const within = n % (o.rows * o.columns);
    if (!isSet(o, Math.floor(n / (o.rows * o.columns)), within % o.columns, Math.floor(within / o.columns))) continue;
    const at = o.bigEndian && o.vr === 'OW' ? (n >> 3) ^ 1 : n >> 3;
    bytes[at] = (bytes[at] ?? 0) | (1 << (n & 7));
  }
  return bytes;
}

function file(o: Made): Uint8Array {
  const facts: PixelFacts = {
    ...defaultFacts,
    transferSyntax: `1.2.840.10008.1.2.${o.bigEndian ? '2' : '1'}`,
    rows: ROWS,
    columns: COLUMNS,
    frames: o.frames,
  };
  const extra: ImageOptions['extra'] = [
    [0x60020010, 'US', [o.rows]],
    [0x60020011, 'US', [o.columns]],
    ...(o.bitmaps === undefined ? [] : ([[0x60020015, 'IS', String(o.bitmaps)]] as const)),
    [0x60020040, 'CS', 'G'],
    [0x60020050, 'SS', [o.top, o.left]],
    ...(o.first === undefined ? [] : ([[0x60020051, 'US', [o.first]]] as const)),
    [0x60020100, 'US', [1]],
    [0x60020102, 'US', [0]],
    [0x60023000, o.vr, overlayBytes(o)],
  ];
  return imageFile(facts, new Uint8Array(ROWS * COLUMNS * o.frames).fill(90), { extra });
}

const makes = fc.record<Made>({
  bigEndian: fc.boolean(),
  frames: fc.integer({ min: 1, max: 4 }),
  rows: fc.integer({ min: 1, max: 14 }),
  columns: fc.integer({ min: 1, max: 14 }),
  top: fc.integer({ min: -4, max: 8 }),
  left: fc.integer({ min: -4, max: 8 }),
  bitmaps: fc.option(fc.integer({ min: 1, max: 3 }), { nil: undefined }),
  first: fc.option(fc.integer({ min: 1, max: 3 }), { nil: undefined }),
  vr: fc.constantFrom('OW', 'OB'),
  seed: fc.integer({ min: 0, max: 1000 }),
});

/** What lies over a frame, bit by bit, as the standard's words have it. */
function expected(o: Made, frame: number): number[] {
  const everywhere = o.bitmaps === undefined && o.first === undefined;
  const bitmap = everywhere ? 0 : frame - ((o.first ?? 1) - 1);
  return Array.from({ length: ROWS * COLUMNS }, (_, i) => {
    const x = (i % COLUMNS) - (o.left - 1);
    const y = Math.floor(i / COLUMNS) - (o.top - 1);
    const there = bitmap >= 0 && bitmap < (o.bitmaps ?? 1) && x >= 0 && y >= 0 && x < o.columns && y < o.rows;
    return there && isSet(o, bitmap, x, y) ? 1 : 0;
  });
}

async function seen(bytes: Uint8Array, frame: number): Promise<number[]> {
  const frames = openFrames(parsed(bytes), sourceOf(bytes));
  if (!frames.ok) throw new Error(frames.message);
  const view = await frames.value.view(frame);
  if (!view.ok) throw new Error(view.message);
  const { overlay, width, height } = view.value;
  return Array.from(overlay ?? new Uint8Array(width * height));
}

describe('overlay planes over a frame', () => {
  it('lie where they say, whatever sticks out of the image', async () => {
    await fc.assert(
      fc.asyncProperty(makes, async (o) => {
        const bytes = file(o);
        for (let frame = 0; frame < o.frames; frame++) expect(await seen(bytes, frame)).toEqual(expected(o, frame));
      }),
      { numRuns: 150 },
    );
  });

  /** Where DCMTK draws: what differs between overlays in black and in white. */
  const drawnByDcmtk = (path: string, frame: number, pixels: number): number[] => {
    const [black = [], white = []] = ['0', '1'].map((density) => {
      const out = join(scratch, 'out.pgm');
      const options = ['+F', String(frame + 1), '+Omr', '+Osf', density, '+op', path, out];
      const done = spawnSync('dcmj2pnm', options, { encoding: 'utf8' });
      if (done.status !== 0) throw new Error(done.stderr);
      return [...readFileSync(out).subarray(-pixels)];
    });
    return black.map((value, i) => (value === white[i] ? 0 : 1));
  };
  const hasDcmtk = spawnSync('dcmj2pnm', ['--version']).status === 0;

  it.runIf(hasDcmtk)('are drawn where DCMTK draws them', async () => {
    const base: Made = { bigEndian: false, frames: 3, rows: 6, columns: 7, top: 2, left: 3, bitmaps: 2, first: 2, vr: 'OW', seed: 3 };
    for (const o of [base, { ...base, bitmaps: 1, first: 1, top: -1, left: -2 }, { ...base, frames: 1, bitmaps: 1, first: 1, rows: 14, columns: 14 }]) {
      const path = join(scratch, 'made.dcm');
      const bytes = file(o);
      writeFileSync(path, bytes);
      for (let frame = 0; frame < o.frames; frame++) {
        expect(await seen(bytes, frame)).toEqual(drawnByDcmtk(path, frame, ROWS * COLUMNS));
      }
    }
  }); // prettier-ignore

  it.runIf(hasDcmtk && hasData).each(['pydicom/examples_overlay.dcm', 'dcm4che/ovly_p01.dcm'])(
    'of real files are drawn where DCMTK draws them: %s',
    async (name) => {
      const bytes = dataBytes(`dicom/${name}`);
      const path = join(scratch, 'real.dcm');
      writeFileSync(path, bytes);
      const ours = await seen(bytes, 0);
      expect(ours).toContain(1);
      expect(ours).toEqual(drawnByDcmtk(path, 0, ours.length));
    },
  );
});

describe('overlays that stay', () => {
  const keeping: Profile = {
    ...basicProfile,
    // Where it lies stays with it.
    overrides: [{ tag: '60023000', action: 'K' }],
    pixels: { ...basicProfile.pixels, policy: 'off' },
  };
  const engine = createEngine();
  const process = async (bytes: Uint8Array, profile: Profile, regions: readonly Region[]): Promise<Uint8Array> => {
    const source = sourceOf(bytes);
    const done = await engine.process({ path: 'a.dcm', source }, { profile, key: new Uint8Array(32).fill(1), regions });
    if (!done.ok) throw new Error(`${done.code} ${done.message}`);
    const out = outputBytes(done.value.parts, source);
    return (await out.read(0, out.size)).slice();
  };
  const region = (frame: number | 'all'): Region => ({
    id: 'r', x: 2, y: 1, width: 4, height: 5, frame, action: 'redact', origin: 'drawn',
  }); // prettier-ignore
  const isIn = (i: number): boolean => {
    const [x, y] = [i % COLUMNS, Math.floor(i / COLUMNS)];
    return x >= 2 && x < 6 && y >= 1 && y < 6;
  };

  it('lose what lies in the regions of their frames, and nothing else', async () => {
    await fc.assert(
      fc.asyncProperty(makes, fc.boolean(), async (o, all) => {
        const bytes = file(o);
        const before = await Promise.all(Array.from({ length: o.frames }, (_, f) => seen(bytes, f)));
        const output = await process(bytes, keeping, [region(all ? 'all' : 0)]);
        // One bitmap over all frames is redacted when it is in one of them.
        const shared = o.bitmaps === undefined && o.first === undefined;
        for (let f = 0; f < o.frames; f++) {
          const touched = all || f === 0 || shared;
          expect(await seen(output, f)).toEqual(before[f]?.map((bit, i) => (touched && isIn(i) ? 0 : bit)));
        }
      }),
      { numRuns: 60 },
    );
  });

  it('go with a profile as it is', async () => {
    const o: Made = { bigEndian: false, frames: 1, rows: 6, columns: 7, top: 1, left: 1, bitmaps: 1, first: 1, vr: 'OW', seed: 3 };
    const output = await process(file(o), { ...keeping, overrides: [] }, [region('all')]);
    expect(await seen(output, 0)).not.toContain(1);
    expect(parsed(output).elements.some((e) => e.tag >>> 16 === 0x6002)).toBe(false);
  }); // prettier-ignore
});
