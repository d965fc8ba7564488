import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseDicomBytes } from '../dicom/parse';
import {
  covered,
  dataBytes,
  hasData,
  manifest,
  provideCodecs,
  redacted,
  sourceOf,
  type ManifestFile,
} from '../../../fixtures/pixel-files';
import type { DicomFile } from '../dicom/data-set';
import { openFrames, type FrameReader } from './frames';
import { decodeCoefficients } from './jpeg/coefficients';
import { readStructure, touchedPixels } from './jpeg';
import { effectiveRects } from './redact';
import type { PixelFacts, Rect, SampleArray } from './types';

beforeAll(() => provideCodecs());

function framesOf(bytes: Uint8Array): { file: DicomFile; frames: FrameReader } | null {
  const file = parseDicomBytes(bytes);
  if (!file.ok) return null;
  const frames = openFrames(file.value, sourceOf(bytes));
  return frames.ok ? { file: file.value, frames: frames.value } : null;
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

const LOSSY_DCT = /^1\.2\.840\.10008\.1\.2\.4\.5[0135]$/;
const UNWRITABLE = /4\.10\d$|embedded-sequence/;

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
