/**
 * De-identification and redaction of multi-frame files far larger than memory is to be: every frame has regions, and most of each
 * file is new. What is measured is the most memory that a process of its own takes for it, and the time.
 * `LARGE_MB=1500` says how large the native and the RLE file are (10^6 bytes), the others are a tenth.
 */
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { provideCodecs } from '../../src/cli/codec-assets';
import { fileScratch } from '../../src/cli/scratch';
import type { Region } from '../../src/core/detect/types';
import { lethe } from './headers';
import { largeKinds, writeLarge } from './large-files';
import { table } from './timing';

/** Patient's line on top, half of the left margin, a block in the middle: four tenths of the frame lie between their rows. */
const rects = [
  { x: 0, y: 0, width: 1024, height: 60 },
  { x: 10, y: 120, width: 90, height: 200 },
  { x: 300, y: 300, width: 420, height: 150 },
];

export const largeRegions: readonly Region[] = rects.map((rect, i) => ({
  ...rect,
  id: `r${i}`,
  frame: 'all',
  origin: 'drawn',
  action: 'redact',
}));

/** In a process of its own: one folder, with regions in every frame. */
export async function redactFolder(folder: string, out: string): Promise<void> {
  provideCodecs();
  await lethe(folder, out, { regions: largeRegions, scratch: fileScratch() });
}

export async function benchLarge(): Promise<string> {
  provideCodecs();
  const whole = Number(process.env.LARGE_MB ?? 1500);
  const work = mkdtempSync(join(tmpdir(), 'lethe-large-'));
  const lines: (readonly (string | number)[])[] = [];
  try {
    for (const [i, kind] of largeKinds.entries()) {
      const folder = join(work, 'in');
      mkdirSync(folder);
      const frames = await writeLarge(join(folder, 'large.dcm'), kind, i < 2 ? whole : whole / 10);
      const { size } = statSync(join(folder, 'large.dcm'));
      const out = join(work, 'out');
      const start = performance.now();
      const done = spawnSync(process.execPath, [process.argv[1] ?? '', '--redact', folder, out], { encoding: 'utf8' });
      if (done.status !== 0) throw new Error(`${kind.name}: ${done.stderr}`);
      const seconds = (performance.now() - start) / 1000;
      const written = readdirSync(out, { recursive: true, encoding: 'utf8' }).filter((n) => n.endsWith('.dcm'));
      if (written.length !== 1) throw new Error(`${kind.name}: no output`);
      const outSize = statSync(join(out, written[0] ?? '')).size;
      lines.push([kind.name, mb(size), frames, mb(outSize), seconds, Number(done.stdout) / 1024]);
      rmSync(folder, { recursive: true });
      rmSync(out, { recursive: true });
    }
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
  return table(
    'Large multi-frame, regions in every frame, in Node',
    ['stored as', 'MB', 'frames', 'MB written', 'seconds', 'peak resident memory, MiB'],
    lines,
  );
}

const mb = (bytes: number): string => (bytes / 1e6).toFixed(0);
