/**
 * De-identification and redaction of multi-frame files far larger than memory is to be: every frame has regions. What is measured
 * is the most memory that a process takes for it, in Node and in the page, and the time.
 * `LARGE_MB=1500` says how large the native and the RLE file are (10^6 bytes); the others, in Node only, are a tenth.
 * `LARGE_KINDS=1,5` names syntaxes by the end of their UID, `LARGE_IN=Chromium` leaves Node out.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { provideCodecs } from '../../src/cli/codec-assets';
import { fileScratch } from '../../src/cli/scratch';
import type { Region } from '../../src/core/detect/types';
import { lethe } from './headers';
import { largeKinds, writeLarge } from './large-files';
import { browserPath, redactInPage } from './large-page';
import { table } from './timing';

/** The patient's line on top, a part of the left margin, a block in the middle. */
const rects = [
  { x: 0, y: 0, width: 1024, height: 60 },
  { x: 10, y: 120, width: 90, height: 200 },
  { x: 300, y: 300, width: 420, height: 150 },
];

const regions: readonly Region[] = rects.map((rect, i) => ({
  ...rect,
  id: `r${i}`,
  frame: 'all',
  origin: 'drawn',
  action: 'redact',
}));

/** In a process of its own: one folder, with regions in every frame. */
export async function redactFolder(folder: string, out: string): Promise<void> {
  provideCodecs();
  await lethe(folder, out, { regions, scratch: fileScratch() });
}

type Line = readonly (string | number)[];

function inNode(name: string, folder: string, out: string): Line {
  const start = performance.now();
  const done = spawnSync(process.execPath, [process.argv[1] ?? '', '--redact', folder, out], { encoding: 'utf8' });
  if (done.status !== 0) throw new Error(`${name}: ${done.stderr}`);
  const seconds = (performance.now() - start) / 1000;
  const written = readdirSync(out, { recursive: true, encoding: 'utf8' }).filter((n) => n.endsWith('.dcm'));
  if (written.length !== 1) throw new Error(`${name}: no output`);
  return ['Node', mb(statSync(join(out, written[0] ?? '')).size), seconds, Number(done.stdout) / 1024, '–'];
}

async function inPage(name: string, file: string): Promise<Line> {
  const { seconds, peak, held, size, left } = await redactInPage(file);
  if (left > 0) throw new Error(`${name}: ${left} scratch files were left behind`);
  return ['Chromium', mb(size), seconds, peak, held];
}

export async function benchLarge(): Promise<string> {
  provideCodecs();
  const whole = Number(process.env.LARGE_MB ?? 1500);
  const wanted = process.env.LARGE_KINDS?.split(',');
  const browser = existsSync('dist/page/index.html') && process.platform === 'linux' && browserPath() !== undefined;
  const work = mkdtempSync(join(tmpdir(), 'lethe-large-'));
  const lines: Line[] = [];
  const tell = (line: Line): void => {
    // It takes minutes: what is known is said at once.
    console.error(line.join(', '));
    lines.push(line);
  };
  try {
    for (const [i, kind] of largeKinds.entries()) {
      if (wanted !== undefined && !wanted.includes(kind.syntax.replace('1.2.840.10008.1.2.', ''))) continue;
      const folder = join(work, 'in');
      const out = join(work, 'out');
      mkdirSync(folder);
      const file = join(folder, 'large.dcm');
      const frames = await writeLarge(file, kind, i < 2 ? whole : whole / 10);
      const about = [kind.name, mb(statSync(file).size), frames];
      if (process.env.LARGE_IN !== 'Chromium') tell([...about, ...inNode(kind.name, folder, out)]);
      if (browser && i < 2) tell([...about, ...(await inPage(kind.name, file))]);
      rmSync(folder, { recursive: true });
      rmSync(out, { recursive: true, force: true });
    }
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
  return table(
    'Large multi-frame files, regions in every frame',
    [
      'stored as',
      'MB',
      'frames',
      'in',
      'MB written',
      'seconds',
      'peak resident memory, MiB',
      'of it held by page and workers',
    ],
    lines,
  );
}

const mb = (bytes: number): string => (bytes / 1e6).toFixed(0);
