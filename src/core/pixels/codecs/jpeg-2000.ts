import { cleanCodestream, codestreamPrecision, readSize } from '../j2k/codestream';
import { decodeJ2k, encodeJ2k } from './j2k-module';
import type { Codec } from './types';

/** JPEG 2000 part 1 (ITU-T T.800), by OpenJPEG. */
export const jpeg2000: Codec = {
  transferSyntaxes: ['1.2.840.10008.1.2.4.90', '1.2.840.10008.1.2.4.91'],
  decodeFrame: (bytes, facts) => decodeJ2k('openjpeg', bytes, facts, (module) => new module.J2KDecoder()),
  encodeFrame: (image, original) =>
    encodeJ2k(
      'openjpeg',
      image,
      original,
      (module) => new module.J2KEncoder(),
      (encoder, decompositions) => {
        encoder.setDecompositions(decompositions);
        encoder.setQuality(true, 0);
      },
    ),
  precisionOf: codestreamPrecision,
  photometricOf(bytes, facts) {
    if (!/^YBR_(ICT|RCT)$/.test(facts.photometric)) return undefined;
    const size = readSize(bytes);
    return size.ok ? (size.value.transform ? 'YBR_RCT' : 'RGB') : undefined;
  },
  cleanFrame: (bytes) => cleanCodestream(bytes),
};
