/** Colour profiles of plain images: the colours are those of before, in the eyes of LittleCMS, and nothing else is left of them. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { greyProfile, wideProfile } from '../../../fixtures/make-icc';
import { provideCodecs } from '../../cli/codec-assets';
import { bytesSource, isSourceRange } from '../bytes';
import { identityFromPath } from '../deid/identity';
import { basicProfile } from '../deid/profile';
import type { Region } from '../detect/types';
import { verifyRaster } from '../verify/gate';
import { openRaster } from './index';

const python = '/usr/bin/python3';
const able = spawnSync(python, ['-c', 'import numpy; from PIL import ImageCms']).status === 0;

const make = `
import sys, numpy as np
from PIL import Image
folder = sys.argv[1]
rgb = np.indices((48, 64)).transpose(1, 2, 0)
image = np.dstack([rgb[:, :, 0] * 5, rgb[:, :, 1] * 4, 255 - rgb[:, :, 0] * 4]).astype('uint8')
wide, grey = (open(f'{folder}/{n}.icc', 'rb').read() for n in ('wide', 'grey'))
for name in ('a.png', 'a.jpg', 'a.tif', 'a.webp'):
    extra = {'lossless': True} if name == 'a.webp' else {}
    Image.fromarray(image).save(f'{folder}/{name}', icc_profile=wide, **extra)
for name in ('g.png', 'g.jpg', 'g.tif'):
    Image.fromarray(image[:, :, 0]).save(f'{folder}/{name}', icc_profile=grey)
Image.fromarray(image).quantize(32).save(f'{folder}/p.png', icc_profile=wide)
`;

/** Colours in sRGB of both files; what differs, and where. */
const judge = `
import sys, io, json, numpy as np
from PIL import Image, ImageCms
folder = sys.argv[1]
out = {}
for name in sys.argv[2:]:
    seen = []
    for prefix in ('', 'out-'):
        im = Image.open(f'{folder}/{prefix}{name}')
        icc = im.info['icc_profile']
        im = im.convert('L' if name[0] == 'g' else 'RGB')
        to = ImageCms.buildTransform(ImageCms.ImageCmsProfile(io.BytesIO(icc)), ImageCms.createProfile('sRGB'), im.mode, 'RGB')
        seen.append((np.asarray(ImageCms.applyTransform(im, to)).astype(int), np.asarray(im.convert('RGB')).astype(int)))
    (a, plain), (b, _) = seen
    rest = np.ones(a.shape[:2], bool)
    rest[0:26, 0:34] = False
    out[name] = {'differs': int(abs(a - b)[rest].max()), 'profile matters': int(abs(a - plain)[rest].max())}
print(json.dumps(out))
`;

const region: Region = { x: 4, y: 3, width: 20, height: 10, id: 'r', origin: 'drawn', frame: 'all', action: 'redact' };

describe.runIf(able)('a colour profile', () => {
  const folder = mkdtempSync(join(tmpdir(), 'lethe-icc-'));
  const names = ['a.png', 'a.jpg', 'a.tif', 'a.webp', 'g.png', 'g.jpg', 'g.tif', 'p.png'];
  beforeAll(() => {
    provideCodecs();
    writeFileSync(join(folder, 'wide.icc'), wideProfile());
    writeFileSync(join(folder, 'grey.icc'), greyProfile());
    const made = spawnSync(python, ['-c', make, folder], { encoding: 'utf8' });
    if (made.status !== 0) throw new Error(made.stderr);
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  it.each([[[]], [[region]]])(
    'leaves colours as they were and says nothing (regions: %j)',
    async (regions: Region[]) => {
      for (const name of names) {
        const source = bytesSource(new Uint8Array(readFileSync(join(folder, name))));
        const file = await openRaster(source);
        const written = file.ok ? await file.value.write(() => regions, 'blur') : file;
        if (!file.ok || !written.ok) throw new Error(name);
        const findings = await verifyRaster(
        {
          kind: file.value.kind, source, path: name, identity: identityFromPath(name), regions, profile: basicProfile,
          pixelsChanged: regions.length > 0,
        },
        { parts: written.value.parts, outputPath: 'x' },
      ); // prettier-ignore
        expect(findings, name).toEqual([]);
        const pieces = await Promise.all(
          written.value.parts.map((p) => (isSourceRange(p) ? source.read(p.start, p.end) : Promise.resolve(p))),
        );
        const bytes = Buffer.concat(pieces);
        expect(bytes.includes('Planted'), name).toBe(false);
        expect(written.value.removed.map((r) => r.name).join(), name).toMatch(/desc/);
        writeFileSync(join(folder, `out-${name}`), bytes);
      }
      const judged = spawnSync(python, ['-c', judge, folder, ...names], { encoding: 'utf8' });
      if (judged.status !== 0) throw new Error(judged.stderr);
      const found = JSON.parse(judged.stdout) as Record<string, Record<string, number>>;
      for (const name of names) {
        expect(found[name]?.differs, name).toBe(0);
        expect(found[name]?.['profile matters'], name).toBeGreaterThan(3);
      }
    },
  );
});
