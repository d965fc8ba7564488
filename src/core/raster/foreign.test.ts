/** Files that other people's libraries made, stripped and redacted here, and read again with other people's libraries. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { provideCodecs } from '../../cli/codec-assets';
import { type ByteSource, type Part, isSourceRange } from '../bytes';
import { identityFromPath } from '../deid/identity';
import { basicProfile } from '../deid/profile';
import type { Region } from '../detect/types';
import { verifyRaster } from '../verify/gate';
import { noRects, openRaster } from './index';

const python = '/usr/bin/python3';
const here = join(process.cwd(), 'fixtures/foreign');
const able =
  spawnSync(python, ['-c', 'import PIL, tifffile, nibabel, numpy']).status === 0 &&
  ['tiffcp', 'webpinfo', 'convert'].every((name) => spawnSync('which', [name]).status === 0);

interface Made {
  readonly name: string;
  readonly secret: string;
  readonly lossy?: boolean;
}

const rect = { x: 5, y: 4, width: 9, height: 7 };
const region: Region = { ...rect, id: 'r', origin: 'drawn', frame: 'all', action: 'redact' };

/** Reads of at most `most` bytes at a time, so that whoever holds a whole file is noticed. */
function watched(bytes: Uint8Array): ByteSource {
  return {
    size: bytes.length,
    read: (a, b) => Promise.resolve(bytes.subarray(Math.max(0, a), Math.min(bytes.length, b))),
  };
}

function joined(parts: readonly Part[], source: Uint8Array): Uint8Array {
  return Buffer.concat(parts.map((p) => (isSourceRange(p) ? source.subarray(p.start, p.end) : p)));
}

describe.runIf(able)('files of other libraries', () => {
  const folder = mkdtempSync(join(tmpdir(), 'lethe-foreign-'));
  let made: readonly Made[] = [];

  beforeAll(() => {
    provideCodecs();
    const run = spawnSync(python, [join(here, 'make.py'), folder], { encoding: 'utf8' });
    if (run.status !== 0) throw new Error(run.stderr);
    made = JSON.parse(readFileSync(join(folder, 'list.json'), 'utf8')) as readonly Made[];
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  it('are opened, stripped, redacted, pass the gate, and others read the same pixels in them', async () => {
    const pairs: object[] = [];
    const complaints: string[] = [];
    for (const { name, secret, lossy = false } of made) {
      const bytes = new Uint8Array(readFileSync(join(folder, name)));
      const source = watched(bytes);
      const file = await openRaster(source);
      if (!file.ok) {
        complaints.push(`${name}: ${file.code} ${file.message}`);
        continue;
      }
      for (const [kind, regions, rectsOf] of [
        ['stripped', [], noRects],
        ['redacted', [region], () => [rect]],
      ] as const) {
        const written = await file.value.write(rectsOf, 'solid');
        if (!written.ok) {
          complaints.push(`${name} ${kind}: ${written.code} ${written.message}`);
          continue;
        }
        const output = joined(written.value.parts, bytes);
        const after = `${kind}-${name}`;
        writeFileSync(join(folder, after), output);
        pairs.push({ before: name, after, rect: regions.length > 0 ? [5, 4, 9, 7] : null, secret, lossy });
        const findings = await verifyRaster(
          {
            kind: file.value.kind, source, path: name, identity: identityFromPath(`${secret}_Iris/1.x`), regions,
            profile: basicProfile, pixelsChanged: regions.length > 0,
          },
          { parts: written.value.parts, outputPath: `ANON/1/1${file.value.extension}` },
        ); // prettier-ignore
        for (const f of findings) complaints.push(`${after}: gate: ${f.message} ${f.where ?? ''}`);
      }
    }
    writeFileSync(join(folder, 'pairs.json'), JSON.stringify(pairs));
    const judged = spawnSync(python, [join(here, 'compare.py'), folder], { encoding: 'utf8', maxBuffer: 1 << 26 });
    expect(judged.status, judged.stderr).toBe(0);
    complaints.push(...(JSON.parse(judged.stdout) as string[]));
    expect(complaints).toEqual([]);
    expect(pairs.length).toBeGreaterThan(300);
  }, 240_000);
});
