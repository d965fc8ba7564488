/** The shape of pixels and regions, shared by decoding, detection, redaction and hosts. */

/** A rectangle in image pixels of one Instance: origin top left, x right, y down; covers [x, x+width) × [y, y+height). */
export interface Rect {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** The facts of the Image Pixel module (PS3.3 C.7.6.3) that decoding needs, checked and in plain numbers. */
export interface PixelFacts {
  readonly rows: number;
  readonly columns: number;
  readonly frames: number;
  readonly samplesPerPixel: number;
  readonly photometric: string;
  /** 0 pixel-interleaved, 1 planes. Meaning only for native data with several samples. */
  readonly planarConfiguration: 0 | 1;
  readonly bitsAllocated: number;
  readonly bitsStored: number;
  readonly highBit: number;
  readonly signed: boolean;
  /** 'integer' (7FE0,0010), 'float' (7FE0,0008), 'double' (7FE0,0009). */
  readonly sampleType: 'integer' | 'float' | 'double';
  readonly transferSyntax: string;
  readonly lossy: boolean;
  /** Cine rate in frames per second where the header tells it. */
  readonly frameRate?: number;
}

export type SampleArray =
  Uint8Array | Int8Array | Uint16Array | Int16Array | Uint32Array | Int32Array | Float32Array | Float64Array;

/**
 * One decoded Frame: stored values (before rescale, VOI and palette), pixel-interleaved, row by row.
 * `data.length === width * height * samples`. Overlay bits above High Bit are gone, signed values sign-extended.
 */
export interface DecodedFrame {
  readonly width: number;
  readonly height: number;
  readonly samples: number;
  readonly data: SampleArray;
  /** Of `data` as it is now: a codec that turned YBR into RGB says 'RGB'. */
  readonly photometric: string;
  readonly bitsStored: number;
}

/** A look-up table (PS3.3 C.11.1, C.11.2): input value `first + i` becomes `data[i]`; beyond the ends the first and the last. */
export interface Lut {
  readonly first: number;
  /** Bits of an entry: the output runs from 0 to 2^bits - 1. */
  readonly bits: number;
  readonly data: Uint16Array;
  readonly name?: string;
}

/** How stored values become grey levels on the screen (PS3.3 C.11). */
export interface Grayscale {
  readonly slope: number;
  readonly intercept: number;
  /** Windows of the header. */
  readonly windows: readonly { readonly center: number; readonly width: number; readonly name?: string }[];
  /** VOI LUT Function. */
  readonly function: 'LINEAR' | 'LINEAR_EXACT' | 'SIGMOID';
  readonly inverted: boolean;
  /** Modality LUT Sequence: takes the place of slope and intercept. */
  readonly modalityLut?: Lut;
  /** VOI LUT Sequence: an alternative to windows; what a viewer begins with when the header has no window. */
  readonly voiLuts?: readonly Lut[];
}

/** An image ready for the eye: RGBA, 8 bit, row by row, alpha 255. `data.length === width * height * 4`. */
export interface RgbaImage {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8ClampedArray;
}
