/** A piece of a plain image that does not leave: a chunk, a segment, bytes behind the image. */
export interface RemovedPiece {
  /** Its name in the format's own words: 'tEXt', 'APP1 Exif', 'COM', 'after IEND'. */
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

/** Facts of a plain image that need no decoding. */
export interface RasterFacts {
  readonly kind: 'png' | 'jpeg';
  /** Stored pixels: regions are in this space, whatever the orientation says. */
  readonly width: number;
  readonly height: number;
  /** Bits a sample as stored; 1 to 16. */
  readonly bits: number;
  /** Samples a pixel as stored, alpha included; 1 for a palette. */
  readonly samples: number;
  readonly palette: boolean;
  readonly alpha: boolean;
  /** EXIF orientation 1 to 8: how the stored pixels are to be turned for the eye. 1: as they are. */
  readonly orientation: number;
  /** Images in the file: 1, or the frames of an animated PNG (its default image first). */
  readonly frames: number;
  /** The stored form has lost something already (JPEG). */
  readonly lossy: boolean;
}
