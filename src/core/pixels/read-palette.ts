import type { DicomFile } from '../dicom/data-set';
import { fail, ok, type Result } from '../result';
import { Attributes } from './attributes';
import { makePalette, type Palette, type PaletteChannel } from './palette';
import type { PixelFacts } from './types';

/** The Palette Color Lookup Table of an Instance (PS3.3 C.7.6.3.1.5), segmented or plain. Errors: `bad-pixel-data`. */
export function readPalette(file: DicomFile, facts: PixelFacts): Result<Palette> {
  const attributes = new Attributes(file);
  const channel = (i: number): PaletteChannel | null => {
    const descriptor = attributes.words(0x00281101 + i);
    const plain = attributes.words(0x00281201 + i);
    const segmented = attributes.words(0x00281221 + i);
    const data = plain ?? segmented;
    if (descriptor === undefined || descriptor.length < 3 || data === undefined) return null;
    return {
      descriptor: [descriptor[0] ?? 0, descriptor[1] ?? 0, descriptor[2] ?? 0],
      data,
      segmented: plain === undefined,
    };
  };
  const [red, green, blue] = [channel(0), channel(1), channel(2)];
  const palette =
    red === null || green === null || blue === null ? null : makePalette([red, green, blue], facts.signed);
  return palette === null
    ? fail('bad-pixel-data', 'The colour palette of the image is missing or malformed.')
    : ok(palette);
}
