import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { defaultFacts, parsed, provideCodecs, redacted, sourceOf } from '../../../fixtures/pixel-files';
import { fileOfKind, noise, pixelKinds, type PixelKind } from '../../../fixtures/pixel-kinds';
import { readersFor, toolFor } from '../../../fixtures/judge';
import { codecs } from './codecs';
import { openFrames } from './frames';
import { cellOf, storedSamples } from './native';
import { styles } from './redact';
import type { PixelFacts, Rect } from './types';

beforeAll(() => provideCodecs());
const scratch = mkdtempSync(join(tmpdir(), 'lethe-judged-'));
afterAll(() => rmSync(scratch, { recursive: true }));

const python = '/usr/bin/python3';
const TS = '1.2.840.10008.1.2.';

interface Job {
  readonly kind: PixelKind;
  readonly path: string;
  readonly raw: string;
  readonly shape: readonly number[];
  readonly bits: number;
  readonly shift: number;
  readonly readers: readonly string[];
  readonly tool: readonly string[];
}

/** What a reader makes of a kind that it should know and does not; the others read it. */
const exceptions: readonly { readonly reader: string; readonly kinds: RegExp; readonly because: string }[] = [
  { reader: 'gdcm', kinds: /^native (1|7|20) /, because: 'has no such depth, or not signed, and ends itself' },
  { reader: 'gdcm', kinds: /^native (CMYK in planes|palette 16 bit|YBR_PARTIAL_420)/, because: 'knows no such image' },
  { reader: 'gdcm', kinds: /high in the cell/, because: 'shifts by the bits above the value, not by those below' },
  { reader: 'gdcm', kinds: /^5 RGB 16 bit/, because: 'takes the byte planes of three words in the wrong order' },
  { reader: 'pydicom', kinds: /^4\.5[35] /, because: 'knows no retired syntax' },
  { reader: 'dcmtk', kinds: /^4\.80 2 bit/, because: 'refuses fewer than six bits' },
];

/** No reader at hand knows these; Lethe's own decoder is all that reads them in the tests. */
const unread = /^5 1 bit|YBR_PARTIAL_422|YBR_FULL_422.*(16 bit|planes)|^(8\.1|1\.98) YBR_FULL_422/;
/** What is dark means nothing to a reader. */
const alike = /inverted|MONOCHROME1/;

async function jobOf(kind: PixelKind, number: number): Promise<Job> {
  // Pairs of pixels that share their colour come in twos for readers.
  const columns = kind.facts.photometric === 'YBR_FULL_422' ? 38 : 37;
  const facts: PixelFacts = { ...defaultFacts, ...kind.facts, columns, rows: 29 };
  const native = !codecs.some((c) => c.transferSyntaxes.includes(facts.transferSyntax));
  const count = native ? storedSamples(facts) : columns * 29 * facts.samplesPerPixel;
  const values = Array.from({ length: facts.frames }, (_, i) => noise(7 * number + i, count, facts.bitsStored));
  const original = await fileOfKind(kind, facts, values);
  const rects: Rect[] = [
    { x: number % 20, y: 3, width: 11, height: 7 },
    { x: 20, y: 20, width: 17, height: 9 },
  ];
  const bytes = await redacted(original.bytes, () => rects, styles[number % styles.length]?.name ?? 'blur');
  const frames = openFrames(parsed(bytes), sourceOf(bytes));
  if (!frames.ok) throw new Error(frames.message);
  const cells: number[] = [];
  for (let i = 0; i < facts.frames; i++) {
    const frame = await frames.value.decode(i);
    if (!frame.ok) throw new Error(`${kind.name}: ${frame.message}`);
    for (const value of frame.value.data) cells.push(value);
  }
  const mask = 2 ** facts.bitsStored;
  const path = join(scratch, `${number}.dcm`);
  const raw = join(scratch, `${number}.raw`);
  writeFileSync(path, bytes);
  writeFileSync(
    raw,
    Uint32Array.from(cells, (v) => ((v % mask) + mask) % mask),
  );
  return {
    kind,
    path,
    raw,
    shape: [facts.frames, facts.rows, facts.columns, facts.samplesPerPixel],
    bits: facts.bitsStored,
    shift: native || facts.transferSyntax === `${TS}5` ? cellOf(facts).shift : 0,
    readers: readersFor(facts.transferSyntax),
    tool: toolFor(facts.transferSyntax),
  };
}

describe.skipIf(!existsSync(python))('outputs of every kind', () => {
  it('are read by independent decoders, which find the values that Lethe finds', async (context) => {
    const jobs: Job[] = [];
    for (const [i, kind] of pixelKinds.entries()) {
      // Readers of float pixel data are rare; its samples are compared in write-back.test.ts.
      if (kind.facts.sampleType !== undefined || unread.test(kind.name) || alike.test(kind.name)) continue;
      jobs.push(await jobOf(kind, i));
    }
    const run = spawnSync(python, ['fixtures/judge.py'], { input: JSON.stringify(jobs), maxBuffer: 1 << 26 });
    if (run.status === 3) return context.skip();
    expect(run.status, run.stderr.toString()).toBe(0);
    const answers = JSON.parse(run.stdout.toString()) as Record<string, Record<string, number | string>>;
    const wrong: string[] = [];
    const agreed = new Map<string, number>();
    for (const job of jobs) {
      const tolerance = job.kind.jpeg === undefined ? 0 : 1;
      for (const reader of job.readers) {
        const answer = answers[job.path]?.[reader] ?? 'no answer';
        const agrees = typeof answer === 'number' && answer <= tolerance;
        if (agrees) agreed.set(reader, (agreed.get(reader) ?? 0) + 1);
        const excused = exceptions.some((e) => e.reader === reader && e.kinds.test(job.kind.name));
        if (!agrees && !excused) wrong.push(`${job.kind.name}, ${reader}: ${answer}`);
      }
    }
    expect(wrong).toEqual([]);
    expect(Object.fromEntries([...agreed].filter(([reader]) => reader !== 'frames'))).toMatchObject({
      pydicom: expect.any(Number) as number,
      gdcm: expect.any(Number) as number,
      dcmtk: expect.any(Number) as number,
      openjpeg: expect.any(Number) as number,
    });
    expect(Math.min(agreed.get('pydicom') ?? 0, agreed.get('gdcm') ?? 0, agreed.get('dcmtk') ?? 0)).toBeGreaterThan(60);
  });
});
