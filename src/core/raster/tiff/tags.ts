/** Tags of TIFF 6.0 and its supplements: names for people, and the closed list of what may stay. */

export const tag = {
  newSubfileType: 254,
  width: 256,
  height: 257,
  bits: 258,
  compression: 259,
  photometric: 262,
  fillOrder: 266,
  description: 270,
  stripOffsets: 273,
  orientation: 274,
  samples: 277,
  rowsPerStrip: 278,
  stripByteCounts: 279,
  minSample: 280,
  maxSample: 281,
  planar: 284,
  t4Options: 292,
  t6Options: 293,
  predictor: 317,
  colorMap: 320,
  tileWidth: 322,
  tileHeight: 323,
  tileOffsets: 324,
  tileByteCounts: 325,
  subIfds: 330,
  inkSet: 332,
  extraSamples: 338,
  sampleFormat: 339,
  sMin: 340,
  sMax: 341,
  jpegTables: 347,
  iccProfile: 34675,
  subsampling: 530,
} as const;

const BYTE = 1;
const SHORT = 3;
const LONG = 4;
const RATIONAL = 5;
const SLONG8 = 17;

/** What the length of a value depends on. */
export interface PageShape {
  readonly bits: number;
  readonly samples: number;
}

interface Rule {
  readonly types: readonly number[];
  /** Number of values that the tag must have; several: any of them. */
  readonly count: (shape: PageShape) => number | readonly number[];
}

const whole = [BYTE, SHORT, LONG];
const numbers = [BYTE, SHORT, LONG, 6, 8, 9, 11, 12, 16, SLONG8];
const one = (): number => 1;
const levels = ({ bits }: PageShape): number => (bits <= 16 ? 2 ** bits : -1);
const each = ({ samples }: PageShape): readonly number[] => [1, samples];

/**
 * Tags that decoding, true rendering and geometry need. A value of another type or length than its tag has would be a place
 * to hide things in, and goes.
 */
const rules: ReadonlyMap<number, Rule> = new Map<number, Rule>([
  [tag.newSubfileType, { types: [LONG, SHORT], count: one }],
  [255, { types: [SHORT], count: one }],
  [tag.width, { types: whole, count: one }],
  [tag.height, { types: whole, count: one }],
  [tag.bits, { types: whole, count: each }],
  [tag.compression, { types: whole, count: one }],
  [tag.photometric, { types: whole, count: one }],
  [263, { types: [SHORT], count: one }],
  [264, { types: [SHORT], count: one }],
  [265, { types: [SHORT], count: one }],
  [tag.fillOrder, { types: whole, count: one }],
  [tag.orientation, { types: whole, count: one }],
  [tag.samples, { types: whole, count: one }],
  [tag.rowsPerStrip, { types: [...whole, 16], count: one }],
  [tag.minSample, { types: [SHORT], count: each }],
  [tag.maxSample, { types: [SHORT], count: each }],
  [282, { types: [RATIONAL], count: one }],
  [283, { types: [RATIONAL], count: one }],
  [tag.planar, { types: whole, count: one }],
  [286, { types: [RATIONAL], count: one }],
  [287, { types: [RATIONAL], count: one }],
  [290, { types: [SHORT], count: one }],
  [291, { types: [SHORT], count: levels }],
  [tag.t4Options, { types: [LONG, SHORT], count: one }],
  [tag.t6Options, { types: [LONG, SHORT], count: one }],
  [296, { types: [SHORT], count: one }],
  [297, { types: [SHORT], count: () => 2 }],
  [301, { types: [SHORT], count: (s) => [levels(s), 3 * levels(s)] }],
  [tag.predictor, { types: whole, count: one }],
  [318, { types: [RATIONAL], count: () => 2 }],
  [319, { types: [RATIONAL], count: () => 6 }],
  [tag.colorMap, { types: [SHORT], count: (s) => 3 * levels(s) }],
  [tag.tileWidth, { types: whole, count: one }],
  [tag.tileHeight, { types: whole, count: one }],
  [tag.inkSet, { types: [SHORT], count: one }],
  [334, { types: [SHORT], count: one }],
  [336, { types: [BYTE, SHORT], count: (s) => [2, 2 * s.samples] }],
  [tag.extraSamples, { types: whole, count: (s) => Array.from({ length: s.samples }, (_, i) => i + 1) }],
  [tag.sampleFormat, { types: whole, count: each }],
  [tag.sMin, { types: numbers, count: each }],
  [tag.sMax, { types: numbers, count: each }],
  [529, { types: [RATIONAL], count: () => 3 }],
  [tag.subsampling, { types: [SHORT], count: () => 2 }],
  [531, { types: [SHORT], count: one }],
  [532, { types: [RATIONAL], count: () => 6 }],
]);

/** Extremes of the samples: they tell of what was under a redacted region. */
export const extremes: ReadonlySet<number> = new Set([tag.minSample, tag.maxSample, tag.sMin, tag.sMax]);

/** Whether an entry may stay byte for byte. Offsets, lengths and JPEG tables are written anew and are not among them. */
export function mayStay(id: number, type: number, count: number, shape: PageShape): boolean {
  const rule = rules.get(id);
  if (rule === undefined || !rule.types.includes(type)) return false;
  const wanted = rule.count(shape);
  return typeof wanted === 'number' ? wanted === count : wanted.includes(count);
}

/** Names of what people may meet among the removed. */
const names: Readonly<Record<number, string>> = {
  269: 'DocumentName', 270: 'ImageDescription', 271: 'Make', 272: 'Model', 280: 'MinSampleValue', 281: 'MaxSampleValue',
  285: 'PageName', 288: 'FreeOffsets', 289: 'FreeByteCounts', 305: 'Software', 306: 'DateTime', 315: 'Artist',
  316: 'HostComputer', 333: 'InkNames', 337: 'TargetPrinter', 340: 'SMinSampleValue', 341: 'SMaxSampleValue',
  400: 'GlobalParametersIFD', 700: 'XMP', 32781: 'ImageID', 33432: 'Copyright', 33550: 'ModelPixelScale',
  33723: 'IPTC', 33922: 'ModelTiepoint', 34377: 'Photoshop', 34412: 'CZ_LSMINFO', 34665: 'Exif', 34675: 'ICC profile',
  34735: 'GeoKeyDirectory', 34853: 'GPS', 37510: 'UserComment', 37724: 'ImageSourceData', 42112: 'GDAL metadata',
  50838: 'ImageJ metadata sizes', 50839: 'ImageJ metadata', 51123: 'Micro-Manager metadata',
}; // prettier-ignore

export const nameOf = (id: number): string => names[id] ?? `Tag ${id}`;
