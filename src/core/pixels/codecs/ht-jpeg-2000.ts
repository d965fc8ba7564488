import { cleanCodestream, codestreamPrecision } from '../j2k/codestream';
import { jpeg2000 } from './jpeg-2000';
import { decodeJ2k, encodeJ2k } from './j2k-module';
import type { Codec } from './types';

/** High-throughput JPEG 2000 (ITU-T T.814), by OpenJPH. */

const RPCL_ONLY = '1.2.840.10008.1.2.4.202';
const RPCL = 2;

export const htJpeg2000: Codec = {
  transferSyntaxes: ['201', '202', '203'].map((n) => `1.2.840.10008.1.2.4.${n}`),
  decodeFrame: (bytes, facts) => decodeJ2k('openjph', bytes, facts, (module) => new module.HTJ2KDecoder()),
  encodeFrame: (image, original, facts) =>
    encodeJ2k(
      'openjph',
      image,
      original,
      (module) => new module.HTJ2KEncoder(),
      (encoder, decompositions) => {
        encoder.setDecompositions(decompositions);
        encoder.setQuality(true, 0);
        encoder.setProgressionOrder(RPCL);
        if (facts.transferSyntax === RPCL_ONLY) {
          // PS3.5 A.4.13: resolutions in tile-parts of their own, their lengths stated in advance.
          encoder.setTLMMarker(true);
          encoder.setTilePartDivisionsAtResolutions(true);
        }
      },
    ),
  precisionOf: codestreamPrecision,
  photometricOf: (bytes, facts) => jpeg2000.photometricOf?.(bytes, facts),
  cleanFrame: (bytes) => cleanCodestream(bytes),
};
