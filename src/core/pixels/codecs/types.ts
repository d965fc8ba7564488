import type { RedactionStyle } from '../../deid/profile';
import type { Result } from '../../result';
import type { PixelFacts, Rect } from '../types';

/**
 * A frame as its codestream holds it: bit patterns in unsigned containers, pixel-interleaved, before Bits Stored, High Bit and
 * Pixel Representation are applied, so that encoding it again loses no bit.
 */
export interface CodedImage {
  readonly width: number;
  readonly height: number;
  readonly samples: number;
  /** Bits a sample in the codestream. */
  readonly precision: number;
  /** The codestream says that samples are signed (JPEG 2000): patterns are then sign-extended to their container. */
  readonly signed: boolean;
  readonly data: Uint8Array | Uint16Array | Uint32Array;
  /** Photometric interpretation of `data`: a codec that undid a colour transform says 'RGB'. */
  readonly photometric: string;
}

/** One codec: how a frame of some transfer syntaxes is read, cleaned and written. All bytes are those of one whole frame. */
export interface Codec {
  readonly transferSyntaxes: readonly string[];
  /** Errors: `codec-failed`, `codec-unsupported`, `bad-jpeg`. */
  decodeFrame(bytes: Uint8Array, facts: PixelFacts): Promise<Result<CodedImage>>;
  /**
   * Lossless codestream of `image`, in the form that `original` has (interleave, components, predictor) as far as that
   * does not depend on its pixels. Absent: frames of this syntax can't be redacted by way of pixels.
   */
  encodeFrame?(image: CodedImage, original: Uint8Array, facts: PixelFacts): Promise<Result<Uint8Array>>;
  /**
   * The frame without comments, application segments and bytes outside its codestream; the same array when there is nothing
   * to remove. Entropy-coded data stays byte for byte.
   */
  cleanFrame(bytes: Uint8Array, facts: PixelFacts): Result<Uint8Array>;
  /** Bits a sample in the codestream, read from its header alone; undefined: it has none that can be read. Absent: Bits Allocated. */
  precisionOf?(bytes: Uint8Array): number | undefined;
  /** Photometric Interpretation of frames that hold `bytes`, where it depends on the codestream; absent: as it was. */
  photometricOf?(bytes: Uint8Array, facts: PixelFacts): string | undefined;
  /** Redaction without going through pixels. Absent: decode, redact, encode. `undefined`: not for this frame. */
  redactFrame?(
    bytes: Uint8Array,
    rects: readonly Rect[],
    style: RedactionStyle,
    facts: PixelFacts,
  ): Result<Uint8Array> | undefined;
}

/** An entry of the registry; the module of the codec is loaded when a frame first asks for it. */
export interface CodecEntry {
  readonly transferSyntaxes: readonly string[];
  readonly load: () => Promise<Codec>;
}
