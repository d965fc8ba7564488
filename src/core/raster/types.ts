import type { Part, SourceRange } from '../bytes';
import type { RedactionStyle } from '../deid/profile';
import type { DecodedFrame, Grayscale, Rect } from '../pixels/types';
import type { Result } from '../result';

/** A piece of a plain image that does not leave: a chunk, a segment, a tag, bytes behind the image. */
export interface RemovedPiece {
  /** Its name in the format's own words: 'tEXt', 'APP1 Exif', 'COM', 'ImageDescription', 'after IEND'. */
  readonly name: string;
  /** Length of what it held, in bytes. */
  readonly bytes: number;
  /** What it says, where it is text; for the eye of the person at the screen only. */
  readonly text?: string;
}

export interface StrippedRaster {
  readonly bytes: Uint8Array;
  readonly removed: readonly RemovedPiece[];
}

export type RasterKind = 'png' | 'jpeg' | 'tiff' | 'bmp' | 'webp' | 'nifti';

/** Facts of a plain image that need no decoding. */
export interface RasterFacts {
  readonly kind: RasterKind;
  /** Stored pixels: regions are in this space, whatever the orientation says. Of several images the largest. */
  readonly width: number;
  readonly height: number;
  /** Bits a sample as stored; 1 to 64. */
  readonly bits: number;
  /** Samples a pixel as stored, alpha included; 1 for a palette. */
  readonly samples: number;
  readonly palette: boolean;
  readonly alpha: boolean;
  /** EXIF orientation 1 to 8: how the stored pixels are to be turned for the eye. 1: as they are. */
  readonly orientation: number;
  /** Images in the file: 1, the frames of an animation (a PNG's default image first), the pages of a TIFF, slices of a volume. */
  readonly frames: number;
  /** The stored form has lost something already (JPEG, lossy WebP). */
  readonly lossy: boolean;
  /** What the numbers are; absent: unsigned whole numbers. */
  readonly sampleType?: 'unsigned' | 'signed' | 'float';
  /** What is shown has colours; absent: palette or three samples and more. */
  readonly colour?: boolean;
  /** The images are slices of one body, not pages. */
  readonly volume?: boolean;
}

/** Rectangles to empty, by image. */
export type RectsOf = (frame: number) => readonly Rect[];

/** One stored image of a file: its samples untouched, and where it lies on the canvas. */
export interface StoredImage {
  readonly x: number;
  readonly y: number;
  readonly frame: DecodedFrame;
}

/** An image for the eye: grey levels that are no plain 0 to 2^bits - 1 come with their meaning. */
export interface ShownImage {
  readonly frame: DecodedFrame;
  readonly grayscale?: Grayscale;
}

export interface WrittenRaster {
  /** The output in order: bytes, and ranges of the input that stay as they are. */
  readonly parts: readonly Part[];
  readonly removed: readonly RemovedPiece[];
}

/** Bytes of a file that are no samples, and where they stand in it (in its unpacked form, for what is packed as a whole). */
export interface PlainBytes {
  readonly at: number;
  readonly bytes: Uint8Array;
}

/**
 * A plain image that was opened: its structure is read and checked, its pixels are where they are until they are asked for.
 * Every method returns failures as values: the format's own code, `truncated`, `too-large`, `unsupported-variant`.
 */
export interface RasterFile {
  readonly kind: RasterKind;
  readonly facts: RasterFacts;
  /** Name of the format for people: 'TIFF', 'NIfTI-1'. */
  readonly name: string;
  /** With its dot: '.tif', '.nii.gz'. */
  readonly extension: string;
  /** Bytes held in memory. */
  readonly held: number;
  /** Image `index` as the eye wants it: 1 or 3 samples, never turned by the orientation. */
  shown(index: number): Promise<Result<ShownImage>>;
  /** Image `index` as stored: for comparing files. */
  stored(index: number): Promise<Result<StoredImage>>;
  /** The file without anything that decoding and true rendering do not need, with the rectangles emptied. */
  write(rectsOf: RectsOf, style: RedactionStyle): Promise<Result<WrittenRaster>>;
  /** Where `stored(index)` may differ after `write(rectsOf)`: the rectangles, and what a coded form drags along. */
  touched(index: number, rectsOf: RectsOf): Promise<readonly Rect[]>;
  /**
   * Where the file holds image `index`, when that can be told: two files that hold the same bytes there, under the same facts, hold
   * the same image. Absent: they have to be decoded.
   */
  ranges?(index: number): readonly SourceRange[];
  /** Everything that is no sample and no code for samples: what the gate searches. */
  plainBytes(): Promise<readonly PlainBytes[]>;
}

/** Every image's rectangles are empty: the file is only stripped. */
export const noRects: RectsOf = () => [];
