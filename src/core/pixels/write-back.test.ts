import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseDicomBytes } from '../dicom/parse';
import {
  covered,
  dataBytes,
  defaultFacts,
  hasData,
  image,
  manifest,
  parsed,
  provideCodecs,
  sourceOf,
  written,
  type ManifestFile,
} from '../../../fixtures/pixel-files';
import type { DicomFile } from '../dicom/data-set';
import { openFrames, type FrameReader } from './frames';
import { decodeCoefficients } from './jpeg/coefficients';
import { readStructure, touchedPixels } from './jpeg';
import { nativeFrameBits } from './native';
import { effectiveRects } from './redact';
import type { PixelFacts, Rect, SampleArray } from './types';
import { cleanFrames, redactPixelData } from './write-back';

beforeAll(() => provideCodecs());

function framesOf(bytes: Uint8Array): { file: DicomFile; frames: FrameReader } | null {
  const file = parseDicomBytes(bytes);
  if (!file.ok) return null;
  const frames = openFrames(file.value, sourceOf(bytes));
  return frames.ok ? { file: file.value, frames: frames.value } : null;
}

async function redacted(
  bytes: Uint8Array,
  rectsOf: (frame: number) => readonly Rect[],
  style: 'blur' | 'solid' | 'mosaic' = 'blur',
): Promise<Uint8Array> {
  const file = parsed(bytes);
  const edit = await redactPixelData(file, sourceOf(bytes), rectsOf, style);
  if (!edit.ok) throw new Error(`${edit.code}: ${edit.message}`);
  if (edit.value === null) throw new Error('nothing was redacted');
  return written(file, bytes, edit.value);
}

async function stored(frames: FrameReader, index: number): Promise<Buffer> {
  const bytes = await frames.stored(index);
  if (!bytes.ok) throw new Error(bytes.message);
  return Buffer.from(bytes.value);
}

/** A rectangle about the middle of the upper left quarter, never aligned to blocks on purpose. */
function rectFor({ columns, rows }: PixelFacts): Rect {
  return {
    x: Math.floor(columns * 0.13),
    y: Math.floor(rows * 0.21),
    width: Math.max(1, Math.floor(columns * 0.37)),
    height: Math.max(1, Math.floor(rows * 0.17)),
  };
}

/** The smallest file of each way to store pixels that there is: syntax, colour, depth, planes, one or more frames. */
let kindsFound: ManifestFile[] | undefined;

function samplesOfEachKind(): ManifestFile[] {
  if (kindsFound !== undefined) return kindsFound;
  const kinds = new Map<string, ManifestFile>();
  for (const f of manifest()) {
    if (f.kind !== 'dicom' || f.rows === undefined || !f.expect.startsWith('opens') || f.expect === 'opens-no-image')
      continue;
    const bytes = dataBytes(f.file);
    const opened = framesOf(bytes);
    if (opened === null) continue;
    const { facts } = opened.frames;
    const kind = [
      f.transferSyntax,
      facts.photometric,
      facts.bitsAllocated,
      facts.bitsStored,
      facts.signed,
      facts.planarConfiguration,
      facts.frames > 1,
    ].join();
    const before = kinds.get(kind);
    if (before === undefined || before.bytes > f.bytes) kinds.set(kind, f);
  }
  return (kindsFound = [...kinds.values()]);
}

const LOSSY_DCT = /^1\.2\.840\.10008\.1\.2\.4\.5[01]$/;
const UNWRITABLE = /4\.5[35]$|4\.10\d$|embedded-sequence/;

describe.skipIf(!hasData)('real files, one of each kind', () => {
  it('keep every value outside the regions and the bytes of untouched frames', async () => {
    const files = samplesOfEachKind().filter(
      (f) => !UNWRITABLE.test(f.transferSyntax ?? '') && !UNWRITABLE.test(f.file),
    );
    expect(files.length).toBeGreaterThan(60);
    for (const f of files) {
      const bytes = dataBytes(f.file);
      const before = framesOf(bytes);
      if (before === null) throw new Error(f.file);
      const { facts } = before.frames;
      const touched = facts.frames - 1;
      const rects = [rectFor(facts)];
      const out = await redacted(bytes, (i) => (i === touched ? rects : []));
      const after = framesOf(out);
      if (after === null) throw new Error(`${f.file}: the output does not open`);

      for (let i = 0; i < touched; i++) {
        const a = await stored(before.frames, i);
        const b = await stored(after.frames, i);
        // 1-bit frames share bytes; frames with bytes behind their end lose those
        if (facts.bitsAllocated > 1)
          expect(a.subarray(0, b.length - 2).equals(b.subarray(0, b.length - 2)), f.file).toBe(true);
      }
      const a = await before.frames.decode(touched);
      const b = await after.frames.decode(touched);
      if (!a.ok || !b.ok) throw new Error(`${f.file}: ${a.ok ? '' : a.message} ${b.ok ? '' : b.message}`);
      let areas: readonly Rect[] = effectiveRects(rects, facts);
      const codestream = await stored(before.frames, touched);
      if (
        LOSSY_DCT.test(facts.transferSyntax) ||
        (codestream[0] === 0xff && codestream[1] === 0xd8 && readProcess(codestream) !== 'lossless')
      ) {
        const grown = touchedPixels(codestream, rects);
        // upsampling reaches one sample of colour further
        if (grown.ok)
          areas = grown.value.map((r) => ({ x: r.x - 2, y: r.y - 2, width: r.width + 4, height: r.height + 4 }));
      }
      // With the regions blanked in both, the two are the same to the last bit.
      for (const { value } of [a, b]) {
        for (const r of areas) {
          for (let y = Math.max(0, r.y); y < Math.min(facts.rows, r.y + r.height); y++) {
            const from = (y * facts.columns + Math.max(0, r.x)) * value.samples;
            value.data.fill(0, from, (y * facts.columns + Math.min(facts.columns, r.x + r.width)) * value.samples);
          }
        }
      }
      expect(bufferOf(a.value.data).equals(bufferOf(b.value.data)), `${f.file} ${f.transferSyntax ?? ''}`).toBe(true);
    }
  });

  it('of JPEG keep all coefficients of blocks that no region touches', async () => {
    const files = samplesOfEachKind().filter((f) => LOSSY_DCT.test(f.transferSyntax ?? ''));
    expect(files.length).toBeGreaterThan(5);
    for (const f of files) {
      const bytes = dataBytes(f.file);
      const before = framesOf(bytes);
      if (before === null) throw new Error(f.file);
      const rects = [rectFor(before.frames.facts)];
      const after = framesOf(await redacted(bytes, (i) => (i === 0 ? rects : [])));
      if (after === null) throw new Error(f.file);
      const a = await stored(before.frames, 0);
      const b = await stored(after.frames, 0);
      const ca = decodeCoefficients(a, readStructure(a));
      const cb = decodeCoefficients(b, readStructure(b));
      const grown = touchedPixels(a, rects);
      if (!grown.ok) throw new Error(grown.message);
      let changed = 0;
      ca.components.forEach((blocks, c) => {
        const other = cb.components[c];
        if (other === undefined) throw new Error('a component is gone');
        expect(other.quantisation).toEqual(blocks.quantisation);
        for (let y = 0; y < blocks.rows; y++) {
          for (let x = 0; x < blocks.columns; x++) {
            const at = (y * blocks.stride + x) * 64;
            const same = blocks.coefficients.subarray(at, at + 64).every((v, k) => v === other.coefficients[at + k]);
            if (same) continue;
            changed++;
            const px = (x * 8 * ca.hMax) / blocks.h;
            const py = (y * 8 * ca.vMax) / blocks.v;
            expect(covered(grown.value, px, py), `${f.file} component ${c} block ${x},${y}`).toBe(true);
          }
        }
      });
      expect(changed, f.file).toBeGreaterThan(0);
    }
  });
});

const bufferOf = ({ buffer, byteOffset, byteLength }: SampleArray): Buffer =>
  Buffer.from(buffer, byteOffset, byteLength);

function readProcess(bytes: Uint8Array): string {
  try {
    return readStructure(bytes).process;
  } catch {
    return 'lossless';
  }
}

const scratch = mkdtempSync(join(tmpdir(), 'lethe-pixels-'));
afterAll(() => rmSync(scratch, { recursive: true }));

const has = (tool: string): boolean => spawnSync('which', [tool]).status === 0;

describe.skipIf(!hasData || !has('dcmdjpeg') || !has('gdcmconv'))('outputs', () => {
  const judges: readonly (readonly [RegExp, readonly string[]])[] = [
    [/4\.(50|51|57|70)$/, ['dcmdjpeg', '+cn']],
    [/4\.8[01]$/, ['dcmdjpls']],
    [/\.5$/, ['dcmdrle']],
    [/4\.9[01]$/, ['gdcmconv', '--raw']],
    [/1\.2(\.[12])?$/, ['dcmconv', '+te']],
  ];

  it('open in DCMTK and GDCM, which find the values that Lethe finds', async () => {
    let judged = 0;
    const seen = new Map<string, number>();
    for (const f of samplesOfEachKind()) {
      const syntax = f.transferSyntax ?? '';
      const judge = judges.find(([pattern]) => pattern.test(syntax))?.[1];
      // Two of each syntax do; colour that readers convert by their own lights is left to decode.test.ts.
      const count = seen.get(syntax) ?? 0;
      if (
        judge === undefined ||
        count >= 2 ||
        (f.samples ?? 1) > 1 ||
        f.bitsAllocated === 1 ||
        f.file.includes('embedded')
      )
        continue;
      const bytes = dataBytes(f.file);
      const out = await redacted(bytes, () => [{ x: 3, y: 5, width: 41, height: 9 }], 'blur');
      const [tool = '', ...options] = judge;
      writeFileSync(join(scratch, 'in.dcm'), out);
      const run = spawnSync(tool, [...options, join(scratch, 'in.dcm'), join(scratch, 'out.dcm')]);
      expect(run.status, `${tool} ${f.file}: ${run.stderr.toString()}`).toBe(0);
      const theirs = framesOf(Uint8Array.from(readFileSync(join(scratch, 'out.dcm'))));
      const ours = framesOf(out);
      if (theirs === null || ours === null) throw new Error(f.file);
      seen.set(syntax, count + 1);
      judged++;
      for (let i = 0; i < Math.min(2, ours.frames.facts.frames); i++) {
        const a = await ours.frames.decode(i);
        const b = await theirs.frames.decode(i);
        if (!a.ok || !b.ok) throw new Error(f.file);
        expect(a.value.data.length).toBe(b.value.data.length);
        let worst = 0;
        for (let k = 0; k < a.value.data.length; k++) {
          worst = Math.max(worst, Math.abs((a.value.data[k] ?? 0) - (b.value.data[k] ?? 0)));
        }
        expect(worst, `${f.file} frame ${i}`).toBeLessThanOrEqual(LOSSY_DCT.test(syntax) ? 1 : 0);
      }
    }
    expect(judged).toBeGreaterThan(15);
  });
});

describe('what hides beside the pixels', () => {
  const gray: PixelFacts = { ...defaultFacts, rows: 4, columns: 4 };
  const pixels = Uint8Array.from({ length: 16 }, (_, i) => i);

  it('is left alone when there is nothing', async () => {
    const { bytes, file } = image(gray, pixels);
    expect(await cleanFrames(file, sourceOf(bytes))).toEqual({ ok: true, value: null });
  });

  it('behind the last native frame becomes zeros, and the length stays', async () => {
    const tail = Uint8Array.from([...pixels, ...Buffer.from('DOE^JOHN')]);
    const { bytes, file } = image(gray, tail);
    const edit = await cleanFrames(file, sourceOf(bytes));
    if (!edit.ok || edit.value === null) throw new Error('not cleaned');
    const out = written(file, bytes, edit.value);
    expect(out.length).toBe(bytes.length);
    expect(Buffer.from(out).includes('DOE')).toBe(false);
    expect(Buffer.from(out).subarray(0, -8).equals(Buffer.from(bytes).subarray(0, -8))).toBe(true);
  });

  it('in unused bits goes when an overlay lies there', async () => {
    const facts: PixelFacts = { ...gray, bitsAllocated: 16, bitsStored: 12, highBit: 11 };
    const words = Uint16Array.from({ length: 16 }, (_, i) => i * 100 + (i % 3 === 0 ? 0x8000 : 0));
    const { bytes, file } = image(facts, new Uint8Array(words.buffer), {
      extra: [
        [0x60000100, 'US', [16]],
        [0x60000102, 'US', [15]],
      ],
    });
    const edit = await cleanFrames(file, sourceOf(bytes));
    if (!edit.ok || edit.value === null) throw new Error('not cleaned');
    const out = written(file, bytes, edit.value);
    const after = Uint16Array.from(new Uint16Array(out.slice(-32).buffer));
    expect([...after]).toEqual([...words].map((w) => w & 0xfff));
  });

  it('keeps true tables, repairs false ones', async () => {
    const { rle } = await import('./codecs/rle');
    const facts: PixelFacts = { ...gray, frames: 3, transferSyntax: '1.2.840.10008.1.2.5' };
    const coded = await rle.encodeFrame?.({ ...frame(pixels, facts) }, new Uint8Array(0), facts);
    if (coded?.ok !== true) throw new Error('not encoded');
    const one = [coded.value];
    for (const table of ['basic', 'extended', 'none'] as const) {
      const { bytes, file } = image(facts, [one, one, one], { table });
      expect(await cleanFrames(file, sourceOf(bytes))).toEqual({ ok: true, value: null });
      const out = await redacted(bytes, (i) => (i === 1 ? [{ x: 0, y: 0, width: 2, height: 2 }] : []), 'solid');
      const after = parsed(out);
      const element = after.elements.find((e) => e.tag === 0x7fe00010);
      const [first, ...fragments] = element?.fragments ?? [];
      const base = fragments[0]?.start ?? 0;
      const starts = fragments.map((f) => f.start - base);
      const data = after.bytes(first?.valueStart ?? 0, first?.valueEnd ?? 0);
      if (table === 'basic') expect([...new Uint32Array(data.slice().buffer)]).toEqual(starts);
      else expect(data.length).toBe(0);
      const offsets = after.elements.find((e) => e.tag === 0x7fe00001);
      expect(offsets !== undefined).toBe(table === 'extended');
      if (offsets !== undefined) {
        const long = new BigUint64Array(after.bytes(offsets.valueStart, offsets.valueEnd).slice().buffer);
        expect([...long].map(Number)).toEqual(starts);
        const lengths = after.elements.find((e) => e.tag === 0x7fe00002);
        const held = new BigUint64Array(after.bytes(lengths?.valueStart ?? 0, lengths?.valueEnd ?? 0).slice().buffer);
        expect([...held].map(Number)).toEqual(fragments.map((f) => f.valueEnd - f.valueStart));
      }
    }
    const { bytes, file } = image(facts, [one, one, one]);
    const wrong = bytes.slice();
    const element = file.elements.find((e) => e.tag === 0x7fe00010);
    const table = element?.fragments?.[0];
    wrong[(table?.valueStart ?? 0) + 4] = 2;
    const edit = await cleanFrames(parsed(wrong), sourceOf(wrong));
    if (!edit.ok || edit.value === null) throw new Error('not repaired');
    expect(Buffer.from(written(parsed(wrong), wrong, edit.value)).equals(Buffer.from(bytes))).toBe(true);
  });

  it('a frame of several fragments is found with and without a table', async () => {
    const { rle } = await import('./codecs/rle');
    const facts: PixelFacts = { ...gray, frames: 2, transferSyntax: '1.2.840.10008.1.2.5' };
    const coded = await rle.encodeFrame?.(frame(pixels, facts), new Uint8Array(0), facts);
    if (coded?.ok !== true) throw new Error('not encoded');
    const split = [coded.value.subarray(0, 40), coded.value.subarray(40)];
    const { bytes, file } = image(facts, [split, split]);
    const frames = openFrames(file, sourceOf(bytes));
    const decoded = frames.ok ? await frames.value.decode(1) : frames;
    expect(decoded.ok && [...decoded.value.data]).toEqual([...pixels]);
    const blind = image(facts, [split, split], { table: 'none' });
    const reader = openFrames(blind.file, sourceOf(blind.bytes));
    const refused = reader.ok ? await reader.value.decode(1) : reader;
    expect(refused).toMatchObject({ ok: false, code: 'bad-pixel-data' });
  });
});

function frame(data: Uint8Array, facts: PixelFacts) {
  return {
    width: facts.columns,
    height: facts.rows,
    samples: 1,
    precision: 8,
    signed: false,
    data,
    photometric: facts.photometric,
  };
}

describe('attributes', () => {
  const facts: PixelFacts = {
    ...defaultFacts,
    rows: 4,
    columns: 4,
    bitsAllocated: 16,
    bitsStored: 16,
    highBit: 15,
    signed: true,
  };
  const values = Int16Array.from({ length: 16 }, (_, i) => (i === 5 ? -2000 : i === 6 ? 3000 : i));

  it('say what is true afterwards', async () => {
    const { bytes } = image(facts, new Uint8Array(values.buffer), {
      extra: [
        [0x00280106, 'SS', [-2000]],
        [0x00280107, 'SS', [3000]],
        [0x00280301, 'CS', 'YES'],
      ],
    });
    const out = parsed(await redacted(bytes, () => [{ x: 1, y: 1, width: 2, height: 1 }]));
    const read = (tag: number): Uint8Array => {
      const e = out.elements.find((x) => x.tag === tag);
      return out.bytes(e?.valueStart ?? 0, e?.valueEnd ?? 0).slice();
    };
    expect(Buffer.from(read(0x00280301)).toString()).toBe('NO');
    expect(new Int16Array(read(0x00280106).buffer)[0]).toBe(0);
    expect(new Int16Array(read(0x00280107).buffer)[0]).toBe(15);
  });

  it('that cannot be known without looking at all frames are removed', async () => {
    const two = Int16Array.from([...values, ...values]);
    const { bytes } = image({ ...facts, frames: 2 }, new Uint8Array(two.buffer), {
      extra: [[0x00280106, 'SS', [-2000]]],
    });
    const out = parsed(await redacted(bytes, (i) => (i === 0 ? [{ x: 0, y: 0, width: 1, height: 1 }] : [])));
    expect(out.elements.some((e) => e.tag === 0x00280106)).toBe(false);
  });
});

describe('many frames', () => {
  it('are redacted by the rows that matter, with the same result as by whole frames', async () => {
    for (const [style, photometric, samplesPerPixel] of [
      ['blur', 'MONOCHROME2', 1],
      ['mosaic', 'RGB', 3],
      ['solid', 'RGB', 3],
      ['blur', 'YBR_FULL_422', 3],
    ] as const) {
      const facts: PixelFacts = { ...defaultFacts, rows: 300, columns: 40, frames: 3, photometric, samplesPerPixel };
      const count = (nativeFrameBits(facts) / 8) * 3;
      const pixels = Uint8Array.from({ length: count }, (_, i) => (Math.imul(i, 2654435761) >>> 13) & 0xff);
      const rects = [
        { x: 5, y: 170, width: 21, height: 9 },
        { x: 20, y: 175, width: 15, height: 12 },
      ];
      const banded = await redacted(image(facts, pixels).bytes, () => rects, style);
      // With this attribute there, frames are looked at whole.
      const whole = await redacted(
        image(facts, pixels, { extra: [[0x00280106, 'US', [0]]] }).bytes,
        () => rects,
        style,
      );
      expect(Buffer.from(banded).subarray(-count).equals(Buffer.from(whole).subarray(-count))).toBe(true);
      expect(Buffer.from(banded).subarray(-count).equals(Buffer.from(pixels))).toBe(false);
    }
  });
});

describe('limits', () => {
  it('more new data than may be held is refused, not truncated', async () => {
    const facts: PixelFacts = { ...defaultFacts, rows: 64, columns: 64 };
    const { bytes, file } = image(facts, new Uint8Array(64 * 64));
    const edit = await redactPixelData(file, sourceOf(bytes), () => [{ x: 0, y: 0, width: 64, height: 64 }], 'solid', {
      heldBytes: 100,
    });
    expect(edit).toMatchObject({ ok: false, code: 'too-large' });
  });

  it('an aborted signal stops the work', async () => {
    const { bytes, file } = image(defaultFacts, new Uint8Array(64));
    const signal = AbortSignal.abort();
    const edit = await redactPixelData(file, sourceOf(bytes), () => [{ x: 0, y: 0, width: 4, height: 4 }], 'solid', {
      signal,
    });
    expect(edit).toMatchObject({ ok: false, code: 'cancelled' });
  });
});
