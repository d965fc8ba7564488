import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { dataBytes, hasData, parsed, provideCodecs, sourceOf } from '../../../fixtures/pixel-files';
import type { ViewFrame } from '../pipeline/types';
import { initialVoi, toRgba } from './display';
import { openFrames } from './frames';

/** Pictures as the viewer first shows them, beside those that DCMTK's renderer makes of the same file. */

const renderer = 'dcmj2pnm';
const scratch = mkdtempSync(join(tmpdir(), 'lethe-rendered-'));
beforeAll(() => provideCodecs());
afterAll(() => rmSync(scratch, { recursive: true }));

/** File, frame, and what the other renderer has to be told to make the same picture. */
const pictures: readonly (readonly [name: string, frame: number, option?: string])[] = [
  ['highdicom/dx_image.dcm', 0], // MONOCHROME1, window, Presentation LUT Shape INVERSE
  ['fo-dicom/CR-ModalitySequenceLUT.dcm', 0], // MONOCHROME1, Modality LUT
  ['cornerstone3D/TestPattern_Palette.dcm', 0],
  ['ruby-dicom/explicit_us_rle_pal_multiframe.dcm', 7], // PALETTE COLOR in RLE, ten frames
  ['dcm4che/YBR_FULL-RLE.dcm', 0],
  ['orthanc/Issue19.dcm', 0], // YBR_FULL, native
  ['cornerstone3D/US-YBR_FULL_422-EVRLE.dcm', 0],
  ['pydicom/examples_ybr_color.dcm', 29], // YBR_FULL_422 in JPEG, thirty frames
  ['pydicom/SC_rgb_dcmtk_+eb+cy+s2.dcm', 0],
  ['pydicom/SC_rgb_jpeg_lossy_gdcm.dcm', 0], // the header says RGB, the JPEG is YCbCr
  ['fo-dicom/GH195.dcm', 0], // the same in JPEG extended
  ['pydicom-data/color-pl.dcm', 0], // RGB in planes
  ['pydicom/ExplVR_BigEnd.dcm', 0], // RGB in planes, big-endian
  ['deid-data/RGB_IMAGE.dcm', 0],
  ['pydicom-data/vlut_04.dcm', 0], // VOI LUT Sequence
  ['dwv/leadtools-8BitsJpegLossyGrayScale.dcm', 0], // JPEG with Modality LUT, window and VOI LUT
  ['cornerstone3D/CTImage.dcm', 0], // rescale, window, signed
  ['cornerstone3D/CTImage.dcm_RLELosslessTransferSyntax_1.2.840.10008.1.2.5.dcm', 0],
  ['cornerstone3D/CTImage.dcm_BigEndianExplicitTransferSyntax_1.2.840.10008.1.2.2.dcm', 0],
  ['nema-wg04/MR3_JPLL.dcm', 0], // JPEG lossless, signed, window
  ['weasis/signed-raw-9bit.dcm', 0],
  ['dcmjs/cine-test.dcm', 5], // signed, eight frames
  ['dcm4che/ovly_p01.dcm', 0], // overlays in the unused bits of its cells
  ['fo-dicom/IM-0001-0001-0001.dcm', 0], // the same in JPEG lossless
  ['pydicom/liver_1frame.dcm', 0], // 1 bit
  ['highdicom/seg_image_ct_binary.dcm', 2],
  ['pydicom/rtdose.dcm', 4], // 32 bits
  // DCMTK keeps what it has rescaled as whole numbers: all of this image, 0 to 0.002, is 0 to it. Linear: the same without rescale.
  ['fo-dicom/GH610.dcm', 0, '-M'],
];

/** The same window for the other renderer: the first of the header, its first table, else the whole range. */
function windowOf(view: ViewFrame): readonly string[] {
  // Colours as the JPEG itself tells them, where the header contradicts it.
  if (view.display === 'rgb') return ['+cg'];
  if (view.grayscale.windows.length > 0) return ['+Wi', '1'];
  return 'data' in initialVoi(view) ? ['+Wl', '1'] : ['+Wm'];
}

/** Pixels of a binary PGM or PPM with 255 levels, as RGB. */
function pixelsOf(pnm: Buffer, pixels: number): Uint8Array {
  const kind = pnm.toString('latin1', 0, 2);
  const samples = kind === 'P6' ? 3 : 1;
  if (kind !== 'P5' && kind !== 'P6') throw new Error(`a PNM of kind ${kind}`);
  const data = pnm.subarray(pnm.length - pixels * samples);
  return samples === 3 ? data : Uint8Array.from({ length: pixels * 3 }, (_, i) => data[Math.floor(i / 3)] ?? 0);
}

/** Greatest difference of a sample, and the grey levels or colour values in the picture. */
async function compare(name: string, frame: number, options: readonly string[]) {
  const bytes = dataBytes(`dicom/${name}`);
  const frames = openFrames(parsed(bytes), sourceOf(bytes));
  if (!frames.ok) throw new Error(frames.message);
  const view = await frames.value.view(frame);
  if (!view.ok) throw new Error(view.message);
  const mine = toRgba(view.value);
  const path = join(scratch, 'in.dcm');
  const out = join(scratch, 'out.pnm');
  writeFileSync(path, bytes);
  const told = [...windowOf(view.value), '-O', '+op', '+F', String(frame + 1), ...options];
  const run = spawnSync(renderer, [...told, path, out]);
  if (run.status !== 0) throw new Error(run.stderr.toString());
  const pixels = mine.width * mine.height;
  const theirs = pixelsOf(readFileSync(out), pixels);
  let worst = 0;
  for (let i = 0; i < pixels; i++) {
    for (let c = 0; c < 3; c++) {
      worst = Math.max(worst, Math.abs((mine.data[4 * i + c] ?? 0) - (theirs[3 * i + c] ?? 0)));
    }
  }
  return { worst, levels: new Set(theirs).size };
}

describe.skipIf(!hasData || spawnSync('which', [renderer]).status !== 0)('the picture that is shown first', () => {
  const each = pictures.map(([name, frame, option]) => ({
    name,
    frame,
    options: option === undefined ? [] : [option],
  }));
  it.each(each)('of $name, frame $frame, is that of another renderer', async ({ name, frame, options }) => {
    const { worst, levels } = await compare(name, frame, options);
    expect(levels).toBeGreaterThan(1);
    // Rounding of a level, and of colours on their way from YBR.
    expect(worst).toBeLessThanOrEqual(name.includes('YBR') || name.includes('Issue19') ? 2 : 1);
  });
});
