import type { DicomElement, DicomFile } from '../dicom/data-set';
import { fail, ok, type Failure, type Result } from '../result';
import { Attributes } from './attributes';
import { nativeFrameBits } from './native';
import type { Grayscale, Lut, PixelFacts } from './types';

const PIXEL_DATA = 0x7fe00010;
const FLOAT_PIXEL_DATA = 0x7fe00008;
const DOUBLE_PIXEL_DATA = 0x7fe00009;

/** Pixels of one frame, and frames, beyond which no real file goes; whole slides are tiled far below. */
const MAX_FRAME_SAMPLES = 2 ** 29;
const MAX_FRAMES = 10_000_000;

const LOSSY = ['50', '51', '52', '53', '54', '55', '56', '81', '91', '203'].map((n) => `1.2.840.10008.1.2.4.${n}`);

export interface PixelElement {
  readonly element: DicomElement;
  readonly sampleType: PixelFacts['sampleType'];
}

/** The one element that holds the pixels; null: none. Only one of the three may be there (PS3.3 C.7.6.3). */
export function pixelElement(file: DicomFile): PixelElement | null {
  const kinds = [
    [PIXEL_DATA, 'integer'],
    [FLOAT_PIXEL_DATA, 'float'],
    [DOUBLE_PIXEL_DATA, 'double'],
  ] as const;
  for (const [tag, sampleType] of kinds) {
    const element = file.elements.find((e) => e.tag === tag);
    if (element !== undefined) return { element, sampleType };
  }
  return null;
}

const bad = (message: string): Failure => fail('bad-pixel-data', message);

const COLOUR_SAMPLES: Readonly<Record<string, number>> = {
  MONOCHROME1: 1,
  MONOCHROME2: 1,
  'PALETTE COLOR': 1,
  RGB: 3,
  HSV: 3,
  ARGB: 4,
  CMYK: 4,
  YBR_FULL: 3,
  YBR_FULL_422: 3,
  YBR_PARTIAL_422: 3,
  YBR_PARTIAL_420: 3,
  YBR_ICT: 3,
  YBR_RCT: 3,
  XYB: 3,
};

function frameRate(attributes: Attributes): number | undefined {
  // Recommended Display Frame Rate, Cine Rate, Frame Time in milliseconds (PS3.3 C.7.6.5)
  const rate = attributes.number(0x00082144) ?? attributes.number(0x00180040);
  if (rate !== undefined && rate > 0) return rate;
  const time = attributes.number(0x00181063);
  return time !== undefined && time > 0 ? 1000 / time : undefined;
}

/**
 * The facts of the Image Pixel module, checked against each other and against the length of the data.
 * null: an object without pixels (no Pixel Data element; a presentation state, a report).
 * Errors: `bad-pixel-data` (attributes missing, contradictory or beyond reason, data too short), `video`.
 */
export function pixelFacts(file: DicomFile): Result<PixelFacts | null> {
  const known = asked.get(file);
  if (known !== undefined) return known;
  const facts = readFacts(file);
  asked.set(file, facts);
  return facts;
}

/** Summary, decision, write-back and gate all ask. */
const asked = new WeakMap<DicomFile, Result<PixelFacts | null>>();

function readFacts(file: DicomFile): Result<PixelFacts | null> {
  const pixels = pixelElement(file);
  if (pixels === null) return ok(null);
  const holders = [PIXEL_DATA, FLOAT_PIXEL_DATA, DOUBLE_PIXEL_DATA];
  if (file.elements.filter((e) => holders.includes(e.tag)).length > 1) {
    // Only one of them would be looked at, and the others would leave as they are.
    return bad('The object holds pixel data twice.');
  }
  const attributes = new Attributes(file);
  const rows = attributes.number(0x00280010);
  const columns = attributes.number(0x00280011);
  const bitsAllocated =
    pixels.sampleType === 'float' ? 32 : pixels.sampleType === 'double' ? 64 : attributes.number(0x00280100);
  if (rows === undefined || columns === undefined || bitsAllocated === undefined || rows === 0 || columns === 0) {
    return bad('Rows, Columns or Bits Allocated of the image are missing.');
  }
  const statedPhotometric = (attributes.string(0x00280004) ?? '').toUpperCase();
  const samplesPerPixel = attributes.number(0x00280002) ?? COLOUR_SAMPLES[statedPhotometric] ?? 1;
  const photometric = statedPhotometric === '' ? (samplesPerPixel === 1 ? 'MONOCHROME2' : 'RGB') : statedPhotometric;
  const expected = COLOUR_SAMPLES[photometric];
  if (expected === undefined) return bad('The Photometric Interpretation of the image is not one of the standard.');
  if (expected !== samplesPerPixel) return bad('Samples per Pixel contradicts the Photometric Interpretation.');
  // '1A' is seen in the wild: the digits count, and the length of the data is checked against them.
  const framesText = attributes.string(0x00280008) ?? '';
  const frames = framesText === '' ? 1 : parseInt(framesText, 10);
  if (!Number.isInteger(frames) || frames < 0) {
    return bad('Number of Frames of the image is not a number.');
  }
  if (frames > MAX_FRAMES || rows * columns * samplesPerPixel > MAX_FRAME_SAMPLES) {
    return bad('The image states a size beyond reason.');
  }
  const integer = pixels.sampleType === 'integer';
  const bitsStored = integer ? (attributes.number(0x00280101) ?? bitsAllocated) : bitsAllocated;
  const highBit = integer ? (attributes.number(0x00280102) ?? bitsStored - 1) : bitsAllocated - 1;
  if (integer && ![1, 8, 16, 32].includes(bitsAllocated))
    return bad('Images with this number of Bits Allocated are not supported.');
  if (bitsStored < 1 || bitsStored > bitsAllocated || highBit < bitsStored - 1 || highBit >= bitsAllocated) {
    return bad('Bits Allocated, Bits Stored and High Bit contradict each other.');
  }
  const planar = attributes.number(0x00280006) ?? 0;
  if (samplesPerPixel > 1 && planar !== 0 && planar !== 1)
    return bad('Planar Configuration of the image is neither 0 nor 1.');
  const rate = frameRate(attributes);
  const facts: PixelFacts = {
    rows,
    columns,
    // Zero is written by some for "no frames counted".
    frames: Math.max(1, frames),
    samplesPerPixel,
    photometric,
    planarConfiguration: planar === 1 ? 1 : 0,
    bitsAllocated,
    bitsStored,
    highBit,
    signed: integer && attributes.number(0x00280103) === 1,
    sampleType: pixels.sampleType,
    transferSyntax: file.transferSyntax,
    lossy: attributes.string(0x00282110) === '01' || LOSSY.includes(file.transferSyntax),
    ...(rate === undefined ? {} : { frameRate: rate }),
  };
  const { element } = pixels;
  if (element.fragments === undefined) {
    const held = element.valueEnd - element.valueStart;
    // Some writers call data YBR_FULL_422 that has a colour for every pixel: then there is more of it.
    const full = (rows * columns * 3 * bitsAllocated * facts.frames) / 8;
    const halved = (nativeFrameBits(facts) * facts.frames) / 8;
    if (photometric === 'YBR_FULL_422' && full > halved && held >= full) {
      return ok({ ...facts, photometric: 'YBR_FULL' });
    }
    const needed = Math.ceil((nativeFrameBits(facts) * facts.frames) / 8);
    if (held < needed) return bad('The Pixel Data is shorter than Rows, Columns and Number of Frames ask for.');
  } else if (element.fragments.length < 2) {
    return bad('The compressed Pixel Data holds no frame.');
  }
  return ok(facts);
}

/** Attributes of the first frame's functional group (PS3.3 C.7.6.16), shared first. */
function functional(attributes: Attributes, tag: number, frame: number): Attributes | undefined {
  return attributes.item(0x52009230, frame)?.item(tag) ?? attributes.item(0x52009229)?.item(tag);
}

/** A LUT item: descriptor, data and explanation. Null when they don't make a table. */
function lutOf(item: Attributes | undefined, signed: boolean): Lut | null {
  const descriptor = item?.words(0x00283002);
  const data = item?.words(0x00283006);
  if (item === undefined || descriptor === undefined || data === undefined) return null;
  const [count = 0, stated = 0, bits = 16] = descriptor;
  const length = count === 0 ? 65536 : count;
  if (bits < 8 || bits > 16 || data.length * 2 < length) return null;
  // 8-bit entries may be packed two to a word.
  const packed = data.length < length;
  const entries = Uint16Array.from({ length }, (_, i) =>
    packed ? ((data[i >> 1] ?? 0) >>> ((i & 1) * 8)) & 0xff : (data[i] ?? 0),
  );
  const name = item.string(0x00283003) ?? '';
  return { first: signed ? (stated << 16) >> 16 : stated, bits, data: entries, ...(name === '' ? {} : { name }) };
}

/**
 * Rescale and windows of a frame: of the data set itself, or of the functional groups of an enhanced object.
 * @param frame index from 0
 */
export function grayscaleOf(file: DicomFile, facts: PixelFacts, frame = 0): Grayscale {
  const top = new Attributes(file);
  const rescale = top.has(0x00281053) ? top : (functional(top, 0x00289145, frame) ?? top);
  const voi = top.has(0x00281050) ? top : (functional(top, 0x00289132, frame) ?? top);
  const centers = voi.numbers(0x00281050) ?? [];
  const widths = voi.numbers(0x00281051) ?? [];
  const names = voi.strings(0x00281055);
  const stated = (voi.string(0x00281056) ?? '').toUpperCase();
  const kind = stated === 'SIGMOID' || stated === 'LINEAR_EXACT' ? stated : 'LINEAR';
  const slope = rescale.number(0x00281053) ?? 1;
  const intercept = rescale.number(0x00281052) ?? 0;
  const modalityLut = lutOf(top.item(0x00283000), facts.signed);
  // What the VOI LUT gets as input is signed when stored values or the intercept make it so.
  const signedInput = modalityLut === null && (facts.signed || intercept < 0);
  const voiLuts = Array.from({ length: top.element(0x00283010)?.items?.length ?? 0 }, (_, i) =>
    lutOf(top.item(0x00283010, i), signedInput),
  ).filter((lut) => lut !== null);
  return {
    slope: slope === 0 ? 1 : slope,
    intercept,
    windows: centers.flatMap((center, i) => {
      const width = widths[i];
      const name = names[i] ?? '';
      // A width below 1 has no meaning for LINEAR (C.11.2.1.2.1), none at or below 0 for the others.
      if (width === undefined || (kind === 'LINEAR' ? width < 1 : width <= 0)) return [];
      return [{ center, width, ...(name === '' ? {} : { name }) }];
    }),
    function: kind,
    inverted: facts.photometric === 'MONOCHROME1' || top.string(0x20500020) === 'INVERSE',
    ...(modalityLut === null ? {} : { modalityLut }),
    ...(voiLuts.length === 0 ? {} : { voiLuts }),
  };
}
