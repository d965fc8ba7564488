/** The seam for detectors: each looks at eight-bit images of one frame and says where text is. */
import type { Rect } from '../../pixels/types';
import type { FoundText } from '../boxes';
import type { TextImage } from '../image';
import type { Effort } from '../passes';

export interface DetectorContext {
  readonly effort: Effort;
  /** Places that are looked at closely in any case, image pixels (priors.ts). */
  readonly priors?: readonly Rect[];
  /** Throws an AbortError when the signal has fired, after giving pending messages a turn. Called between network runs. */
  breathe(): Promise<void>;
}

export interface Detector {
  readonly name: string;
  /** @param images the same frame in several grey mappings, the default one first */
  detect(images: readonly TextImage[], context: DetectorContext): Promise<readonly FoundText[]>;
  dispose(): void;
}
