import { beforeAll, describe, expect, it } from 'vitest';
import { plantedCorpus } from '../../../fixtures/planted';
import { provideCodecs } from '../../cli/codec-assets';
import { type Part, bytesSource, isSourceRange } from '../bytes';
import { identityFromPath } from '../deid/identity';
import { basicProfile } from '../deid/profile';
import type { Region } from '../detect/types';
import { type RasterKind, noRects, openRaster } from '../raster';
import { verifyRaster } from './gate';

const corpus = plantedCorpus().filter((f) => f.kind !== 'dicom');

function gate(
  f: (typeof corpus)[number],
  output: Uint8Array | readonly Part[],
  regions: Region[] = [],
  outputPath = 'ANON/1/1.png',
) {
  const input = {
    kind: f.kind as RasterKind,
    source: bytesSource(f.bytes),
    path: f.name,
    identity: identityFromPath(f.name),
    regions,
    profile: basicProfile,
    pixelsChanged: regions.length > 0,
  };
  return verifyRaster(input, { parts: output instanceof Uint8Array ? [output] : output, outputPath });
}

const region: Region = { id: 'r', origin: 'drawn', frame: 'all', x: 2, y: 1, width: 5, height: 4, action: 'redact' };

async function written(f: (typeof corpus)[number], regions: readonly Region[]): Promise<readonly Part[]> {
  const file = await openRaster(bytesSource(f.bytes));
  if (!file.ok) throw new Error(`${f.name}: ${file.message}`);
  const output = await file.value.write(regions.length === 0 ? noRects : () => regions, 'solid');
  if (!output.ok) throw new Error(`${f.name}: ${output.message}`);
  return output.value.parts;
}

const joined = (f: (typeof corpus)[number], parts: readonly Part[]): Uint8Array =>
  Uint8Array.from(Buffer.concat(parts.map((p) => (isSourceRange(p) ? f.bytes.subarray(p.start, p.end) : p))));

describe('the gate of plain images', () => {
  beforeAll(() => provideCodecs());

  it('has every format to judge', () => {
    expect(new Set(corpus.map((f) => f.kind)).size).toBe(6);
  });

  it('lets stripped and redacted images pass, and nothing that was planted with them', async () => {
    for (const f of corpus) {
      for (const regions of [[], [region]]) {
        const parts = await written(f, regions);
        expect(await gate(f, parts, regions), f.name).toEqual([]);
        const output = Buffer.from(joined(f, parts)).toString('latin1').toLowerCase();
        for (const { text, place } of f.planted)
          expect(output.includes(text.toLowerCase()), `${f.name}: ${place}`).toBe(false);
      }
    }
  });

  it('finds metadata that stayed, in every file of the corpus', async () => {
    for (const f of corpus) {
      const checks = (await gate(f, f.bytes)).map((x) => x.check);
      expect(checks, f.name).toContain('forbidden-attributes');
    }
  });

  it('finds regions that were not redacted, changes elsewhere, other images and telling names', async () => {
    for (const f of corpus) {
      const stripped = joined(f, await written(f, []));
      const redacted = joined(f, await written(f, [region]));
      const checks = async (output: Uint8Array, regions: Region[] = [], name?: string) =>
        (await gate(f, output, regions, name)).map((x) => x.check);
      expect(await checks(stripped, [region]), f.name).toContain('pixels-unchanged');
      expect(await checks(redacted), f.name).toContain('pixels-unchanged');
      const other = corpus.find((o) => o.kind === f.kind && o !== f)!;
      expect((await checks(joined(other, await written(other, [])))).length, f.name).toBeGreaterThan(0);
      const person = f.name.split(' ')[0]!;
      expect(await checks(stripped, [], `${person}/1.png`), f.name).toEqual(['name']);
    }
  });

  it('finds a name in a place that may stay: whoever is known is looked for there too', async () => {
    // The calibration of a NIfTI header and the endpoints of a BMP are numbers; these spell.
    const f = corpus.find((o) => o.name.endsWith('T1w.nii'))!;
    const doctored = f.bytes.slice();
    doctored.set(new TextEncoder().encode('Mirabell'), 256);
    const planted = { ...f, bytes: doctored, name: 'Mirabell Quist/1.nii' };
    const findings = await gate(planted, await written(planted, []));
    expect(findings.map((x) => x.check)).toEqual(['no-identity']);
  });

  it('refuses what is no image any more', async () => {
    const f = corpus[0]!;
    expect((await gate(f, f.bytes.subarray(0, 40)))[0]?.check).toBe('parses');
    expect((await gate(f, new Uint8Array(0)))[0]?.check).toBe('parses');
  });
});
