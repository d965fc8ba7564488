import { describe, expect, it } from 'vitest';
import { plantedCorpus } from '../../../fixtures/planted';
import { bytesSource } from '../bytes';
import { identityFromPath } from '../deid/identity';
import { basicProfile } from '../deid/profile';
import type { Region } from '../detect/types';
import { redactRaster, stripRaster } from '../raster';
import { verifyRaster } from './gate';

const corpus = plantedCorpus().filter((f) => f.kind !== 'dicom');

function gate(f: (typeof corpus)[number], output: Uint8Array, regions: Region[] = [], outputPath = 'ANON/1/1.png') {
  const input = {
    kind: f.kind as 'png' | 'jpeg',
    source: bytesSource(f.bytes),
    path: f.name,
    identity: identityFromPath(f.name),
    regions,
    profile: basicProfile,
    pixelsChanged: regions.length > 0,
  };
  return verifyRaster(input, { parts: [output], outputPath });
}

const region: Region = { id: 'r', origin: 'drawn', frame: 'all', x: 2, y: 1, width: 6, height: 5, action: 'redact' };

describe('the gate of plain images', () => {
  it('lets stripped and redacted images pass', async () => {
    for (const f of corpus) {
      const stripped = stripRaster(f.bytes);
      if (!stripped.ok) throw new Error(stripped.message);
      expect(await gate(f, stripped.value.bytes), f.name).toEqual([]);
      const redacted = await redactRaster(f.bytes, [region], 'solid');
      if (!redacted.ok) throw new Error(redacted.message);
      expect(await gate(f, redacted.value, [region]), f.name).toEqual([]);
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
      const stripped = stripRaster(f.bytes);
      const redacted = await redactRaster(f.bytes, [region], 'solid');
      if (!stripped.ok || !redacted.ok) throw new Error('the corpus is broken');
      expect(
        (await gate(f, stripped.value.bytes, [region])).map((x) => x.check),
        f.name,
      ).toContain('pixels-unchanged');
      expect(
        (await gate(f, redacted.value)).map((x) => x.check),
        f.name,
      ).toContain('pixels-unchanged');
      const other = corpus.find((o) => o.kind === f.kind && o !== f)!;
      const otherStripped = stripRaster(other.bytes);
      if (!otherStripped.ok) throw new Error(otherStripped.message);
      expect((await gate(f, otherStripped.value.bytes)).length, f.name).toBeGreaterThan(0);
      const name = await gate(f, stripped.value.bytes, [], 'Zeldanova/1.png');
      expect(
        name.map((x) => x.check),
        f.name,
      ).toEqual(['name']);
    }
  });

  it('refuses what is no image any more', async () => {
    const f = corpus[0]!;
    expect((await gate(f, f.bytes.subarray(0, 40)))[0]?.check).toBe('parses');
    expect((await gate(f, new Uint8Array(0)))[0]?.check).toBe('parses');
  });
});
