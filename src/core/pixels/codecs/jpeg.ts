import { fail, ok, type Result } from '../../result';
import { guarded } from '../fault';
import { decodeJpegImage, readStructure, redactJpeg, stripJpegSegments } from '../jpeg';
import { encodeLossless } from '../jpeg/lossless';
import type { PixelFacts } from '../types';
import type { Codec, CodedImage } from './types';

/** JPEG (ITU-T T.81) of every Huffman-coded process: baseline, extended, progressive and lossless. */

const PROGRESSIVE = ['1.2.840.10008.1.2.4.53', '1.2.840.10008.1.2.4.55'];

const hintOf = (facts: PixelFacts): 'RGB' | 'YBR' => (facts.photometric === 'RGB' ? 'RGB' : 'YBR');

function photometricOf(model: string, lossless: boolean, facts: PixelFacts): string {
  // Lossless streams hold the samples as the header names them.
  if (lossless || model === 'GRAY') return facts.photometric;
  if (model === 'RGB') return 'RGB';
  return facts.photometric.startsWith('YBR_PARTIAL') ? 'YBR_PARTIAL' : 'YBR_FULL';
}

export const jpeg: Codec = {
  transferSyntaxes: ['50', '51', '53', '55', '57', '70'].map((n) => `1.2.840.10008.1.2.4.${n}`),

  decodeFrame(bytes, facts) {
    const decoded = decodeJpegImage(bytes, hintOf(facts));
    if (!decoded.ok) return Promise.resolve(decoded);
    const { width, height, samples, precision, data, model, process } = decoded.value;
    const image: CodedImage = {
      width,
      height,
      samples,
      precision,
      signed: false,
      data,
      photometric: photometricOf(model, process === 'lossless', facts),
    };
    return Promise.resolve(ok(image));
  },

  /** Lossless process only: same precision, components, predictor and point transform as the original. */
  encodeFrame(image, original) {
    const encoded = guarded((): Result<Uint8Array> => {
      const structure = readStructure(original);
      const first = structure.scans[0];
      if (structure.process !== 'lossless' || first === undefined) {
        return fail('redaction-unsupported', 'Lossy JPEG is redacted without decoding it to pixels.');
      }
      return ok(
        encodeLossless({
          width: image.width,
          height: image.height,
          precision: structure.precision,
          componentIds: structure.components.map((c) => c.id),
          data: Uint16Array.from(image.data),
          predictor: first.spectralStart,
          pointTransform: first.low,
        }),
      );
    });
    return Promise.resolve(encoded);
  },

  precisionOf(bytes) {
    const structure = guarded(() => ok(readStructure(bytes)));
    return structure.ok ? structure.value.precision : undefined;
  },

  cleanFrame(bytes) {
    const stripped = stripJpegSegments(bytes);
    return stripped.ok ? ok(stripped.value.bytes) : stripped;
  },

  redactFrame(bytes, rects, style, facts) {
    const structure = guarded(() => ok(readStructure(bytes)));
    if (!structure.ok) return structure;
    if (structure.value.process === 'lossless') return undefined;
    return redactJpeg(bytes, rects, style, {
      container: 'frame',
      progressive: PROGRESSIVE.includes(facts.transferSyntax) ? 'progressive' : 'sequential',
      inverted: facts.photometric === 'MONOCHROME1',
      colourHint: hintOf(facts),
    });
  },
};
