import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import { parseDicomBytes } from '../dicom/parse';
import {
  dataBytes,
  dataPath,
  hasData,
  manifest,
  provideCodecs,
  sourceOf,
  type ManifestFile,
} from '../../../fixtures/pixel-files';
import { openFrames } from './frames';
import type { SampleArray } from './types';

// The manifest's result is that of one decoder; here others agree with Lethe.
const KNOWN: Readonly<Record<string, string>> = {
  'dicom/dcm4che/ovly_p01.dcm':
    'the overlay in the unused bits is part of the manifest hash; stored values leave it out',
  'dicom/deid/MR.dcm': 'values with bits above High Bit; DCMTK masks them as Lethe does',
  'dicom/dicomParser/CT0012.fragmented_no_bot_jpeg_ls.81.dcm': 'DCMTK decodes both frames to the values of Lethe',
  'dicom/pydicom/JPEG2000-embedded-sequence-delimiter.dcm': 'its SIZ segment was overwritten; OpenJPEG refuses it',
};

const arrays = {
  uint8: Uint8Array,
  int8: Int8Array,
  uint16: Uint16Array,
  int16: Int16Array,
  uint32: Uint32Array,
  int32: Int32Array,
  float32: Float32Array,
  float64: Float64Array,
};

function hashed(data: SampleArray, type: string): Uint8Array {
  // HTJ2K files: the words as they are
  if (type === '') return new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  const name = type.replace(
    /^[<>]([ui])(\d)$/,
    (_, kind: string, size: string) => `${kind === 'u' ? 'u' : ''}int${Number(size) * 8}`,
  );
  const array = arrays[name as keyof typeof arrays];
  expect(array, `${type} ${name}`).toBeDefined();
  const values = array.from(data);
  return new Uint8Array(values.buffer);
}

async function decodedHash(f: ManifestFile): Promise<string> {
  const bytes = dataBytes(f.file);
  const file = parseDicomBytes(bytes);
  if (!file.ok) return file.code;
  const frames = openFrames(file.value, sourceOf(bytes));
  if (!frames.ok) return frames.code;
  const hash = createHash('sha256');
  for (let i = 0; i < frames.value.facts.frames; i++) {
    const frame = await frames.value.decode(i);
    if (!frame.ok) return frame.code;
    hash.update(hashed(frame.value.data, f.decodedType ?? ''));
  }
  return hash.digest('hex');
}

beforeAll(() => provideCodecs());

describe.skipIf(!hasData)('real files', () => {
  it('have the stored values that other decoders find', async () => {
    const files = manifest().filter(
      (f) => f.kind === 'dicom' && f.decodedSha256 !== undefined && f.expect !== 'clear-error',
    );
    expect(files.length).toBeGreaterThan(200);
    const wrong: string[] = [];
    for (const f of files) {
      const hash = await decodedHash(f);
      if ((hash !== f.decodedSha256) !== f.file in KNOWN) wrong.push(`${f.file} ${f.transferSyntax ?? ''} ${hash}`);
    }
    expect(wrong).toEqual([]);
  });

  it('that are damaged or too large are refused with a code, or decode, and never throw', async () => {
    for (const f of manifest().filter(
      (m) => m.kind === 'dicom' && (m.expect === 'clear-error' || m.expect === 'opens-codec'),
    )) {
      const bytes = dataBytes(f.file);
      const file = parseDicomBytes(bytes);
      const frames = file.ok ? openFrames(file.value, sourceOf(bytes)) : file;
      const frame = frames.ok ? await frames.value.decode(0) : frames;
      if (!frame.ok) expect(frame.code, f.file).not.toBe('internal-error');
    }
  });

  it('of video are refused as video', async () => {
    for (const f of manifest().filter((m) => m.file.includes('/video_'))) {
      const bytes = dataBytes(f.file);
      const file = parseDicomBytes(bytes);
      const frames = file.ok ? openFrames(file.value, sourceOf(bytes)) : file;
      const frame = frames.ok ? await frames.value.decode(0) : frames;
      expect(frame).toMatchObject({ ok: false, code: 'video' });
    }
  });
});

const python = '/usr/bin/python3';
const script = `
import sys, json, io, hashlib, warnings
warnings.simplefilter('ignore')
try:
    import pydicom, numpy as np
    from PIL import Image
    from pydicom.encaps import generate_pixel_data_frame
except ImportError:
    sys.exit(3)
out = {}
for f in json.load(sys.stdin):
    try:
        ds = pydicom.dcmread(f['path'], force=True)
        if f['jpeg']:
            frame = next(generate_pixel_data_frame(ds.PixelData, int(ds.get('NumberOfFrames', 1))))
            im = Image.open(io.BytesIO(frame))
            if f['ybr']: im.draft('YCbCr', im.size)
            a = np.asarray(im)
        else:
            a = ds.pixel_array
            if a.ndim == 4: a = a[0]
        out[f['path']] = hashlib.sha256(np.ascontiguousarray(a).astype(a.dtype.newbyteorder('<')).tobytes()).hexdigest()
    except Exception as e:
        pass
json.dump(out, sys.stdout)
`;

describe.skipIf(!hasData || !existsSync(python))('colour files', () => {
  it('have the samples that pydicom and libjpeg find', async (context) => {
    const jpeg = /1\.2\.4\.5[01]$/;
    const other = /^1\.2\.840\.10008\.1\.2(\.[12]|\.5|\.4\.9[01])?$/;
    // Without any marker libjpeg takes three components for YCbCr; the header says RGB, and it is.
    const unmarked = /SC_jpeg_no_color_transform|SC_rgb_jpeg\.dcm/;
    const asked: { path: string; jpeg: boolean; ybr: boolean }[] = [];
    const ours = new Map<string, string>();
    for (const f of manifest()) {
      const known = jpeg.test(f.transferSyntax ?? '') || other.test(f.transferSyntax ?? '');
      if (f.kind !== 'dicom' || (f.samples ?? 1) === 1 || f.expect !== 'opens' || !known || unmarked.test(f.file))
        continue;
      const bytes = dataBytes(f.file);
      const file = parseDicomBytes(bytes);
      const frames = file.ok ? openFrames(file.value, sourceOf(bytes)) : file;
      const frame = frames.ok ? await frames.value.decode(0) : frames;
      if (!frame.ok) throw new Error(`${f.file}: ${frame.message}`);
      const { buffer, byteOffset, byteLength } = frame.value.data;
      ours.set(
        dataPath(f.file),
        createHash('sha256')
          .update(new Uint8Array(buffer, byteOffset, byteLength))
          .digest('hex'),
      );
      asked.push({
        path: dataPath(f.file),
        jpeg: jpeg.test(f.transferSyntax ?? ''),
        ybr: frame.value.photometric.startsWith('YBR'),
      });
    }
    const judge = spawnSync(python, ['-c', script], { input: JSON.stringify(asked), maxBuffer: 1 << 26 });
    if (judge.status === 3) return context.skip();
    const theirs = Object.entries(JSON.parse(judge.stdout.toString()) as Record<string, string>);
    expect(theirs.length).toBeGreaterThan(40);
    for (const [path, hash] of theirs) expect(ours.get(path), path).toBe(hash);
  });
});
