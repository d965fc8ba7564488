import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readersFor, toolFor } from '../../../fixtures/judge';
import { dataBytes, hasData, manifest, parsed, provideCodecs, sourceOf } from '../../../fixtures/pixel-files';
import { openFrames } from './frames';
import { cellOf } from './native';

beforeAll(() => provideCodecs());
const scratch = mkdtempSync(join(tmpdir(), 'lethe-judged-'));
afterAll(() => rmSync(scratch, { recursive: true }));

const python = '/usr/bin/python3';
/** No reader at hand decodes RLE of 1-bit cells. */
const unread = ['dicom/pydicom-data/liver_rle.dcm'];

describe.skipIf(!hasData || !existsSync(python))('real files whose values the manifest does not tell', () => {
  it('have the values that an independent decoder finds, every frame of them', async (context) => {
    const jobs = [];
    for (const f of manifest()) {
      const opens = f.kind === 'dicom' && (f.expect === 'opens' || f.expect === 'opens-codec');
      if (!opens || f.decodedSha256 !== undefined || /4\.10\d$/.test(f.transferSyntax ?? '')) continue;
      const bytes = dataBytes(f.file);
      const frames = openFrames(parsed(bytes), sourceOf(bytes));
      if (!frames.ok) throw new Error(`${f.file}: ${frames.message}`);
      const { facts } = frames.value;
      // Readers of float pixel data are rare.
      if (facts.sampleType !== 'integer') continue;
      const mask = 2 ** facts.bitsStored;
      const cells: Buffer[] = [];
      for (let i = 0; i < facts.frames; i++) {
        const frame = await frames.value.decode(i);
        if (!frame.ok) throw new Error(`${f.file}: ${frame.message}`);
        cells.push(Buffer.from(Uint32Array.from(frame.value.data, (v) => ((v % mask) + mask) % mask).buffer));
      }
      const path = join(scratch, `${jobs.length}.dcm`);
      const raw = join(scratch, `${jobs.length}.raw`);
      writeFileSync(path, bytes);
      writeFileSync(raw, Buffer.concat(cells));
      const syntax = facts.transferSyntax;
      const shape = [facts.frames, facts.rows, facts.columns, facts.samplesPerPixel];
      const cell = { bits: facts.bitsStored, shift: cellOf(facts).shift };
      jobs.push({
        name: f.file,
        path,
        raw,
        shape,
        ...cell,
        readers: readersFor(syntax),
        tool: toolFor(syntax),
        syntax,
      });
    }
    expect(jobs.length).toBeGreaterThan(60);
    const run = spawnSync(python, ['fixtures/judge.py'], { input: JSON.stringify(jobs), maxBuffer: 1 << 26 });
    if (run.status === 3) return context.skip();
    expect(run.status, run.stderr.toString()).toBe(0);
    const answers = JSON.parse(run.stdout.toString()) as Record<string, Record<string, number | string>>;
    const alone = jobs.filter(({ path, syntax }) => {
      const tolerance = /4\.5[0135]$/.test(syntax) ? 1 : 0;
      return !Object.values(answers[path] ?? {}).some((a) => typeof a === 'number' && a <= tolerance);
    });
    expect(alone.map((j) => j.name)).toEqual(unread);
  });
});
