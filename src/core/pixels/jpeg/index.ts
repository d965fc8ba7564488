import { ok, type Result } from '../../result';
import { guarded } from '../fault';
import { decodeCoefficients } from './coefficients';
import { colourModel, type ColourModel } from './colour';
import { decodeLossless } from './lossless';
import { interleavedSamples } from './samples';
import { readStructure, type JpegProcess } from './structure';

export { redactJpeg, touchedPixels, type JpegRedactOptions } from './redact';
export { stripJpegSegments, type RemovedSegment, type StripOptions } from './strip';
export { readStructure, type JpegStructure } from './structure';
export { type ColourModel } from './colour';

/** Decoded samples of a JPEG of any Huffman-coded process, pixel-interleaved, in the stream's own colour model. */
export interface JpegImage {
  readonly width: number;
  readonly height: number;
  /** Components: 1 to 4. */
  readonly samples: number;
  /** Bits a sample. */
  readonly precision: number;
  readonly process: JpegProcess;
  readonly model: ColourModel;
  readonly data: Uint8Array | Uint16Array;
}

/**
 * Decodes baseline, extended (8 and 12 bit), progressive and lossless JPEG. Grey levels of DCT processes are those of the
 * usual accurate integer transform with triangle upsampling.
 * Errors: `bad-jpeg`, `codec-failed`, `codec-unsupported`, as values.
 */
export function decodeJpegImage(bytes: Uint8Array, hint?: 'RGB' | 'YBR'): Result<JpegImage> {
  return guarded(() => {
    const structure = readStructure(bytes);
    const { width, height, precision, process } = structure;
    const model = colourModel(structure, hint);
    const shape = { width, height, precision, process, model, samples: structure.components.length };
    if (process === 'lossless') {
      const { data } = decodeLossless(bytes, structure);
      return ok({ ...shape, data: precision > 8 ? data : Uint8Array.from(data) });
    }
    return ok({ ...shape, data: interleavedSamples(decodeCoefficients(bytes, structure)) });
  });
}
