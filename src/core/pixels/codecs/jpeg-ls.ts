import { fail, ok, type Result } from '../../result';
import { stripJpegSegments } from '../jpeg';
import type { WasmView } from './modules';
import type { Codec, CodedImage } from './types';
import { withCodec } from './wasm';

/** JPEG-LS (ITU-T T.87), lossless and near-lossless, by CharLS. */

function samplesOf(raw: WasmView, bits: number): Uint8Array | Uint16Array {
  const copy = new Uint8Array(raw);
  return bits <= 8 ? copy : new Uint16Array(copy.buffer, 0, copy.byteLength >> 1);
}

/** Planes → pixels (`toPixels`) or back. */
function reorder<T extends Uint8Array | Uint16Array | Uint32Array>(data: T, samples: number, toPixels: boolean): T {
  const pixels = data.length / samples;
  const out = data.slice() as T;
  for (let s = 0; s < samples; s++) {
    for (let i = 0; i < pixels; i++) {
      if (toPixels) out[i * samples + s] = data[s * pixels + i] ?? 0;
      else out[s * pixels + i] = data[i * samples + s] ?? 0;
    }
  }
  return out;
}

/** Interleave mode that the scan header states; 2 for one component, where it means nothing. */
function interleaveOf(bytes: Uint8Array): number {
  for (let at = 2; at + 4 < bytes.length && bytes[at] === 0xff;) {
    const marker = bytes[at + 1] ?? 0;
    const length = ((bytes[at + 2] ?? 0) << 8) | (bytes[at + 3] ?? 0);
    if (marker === 0xda) return (bytes[at + 4] ?? 0) > 1 ? (bytes[at + 2 + length - 2] ?? 0) : 0;
    at += 2 + length;
  }
  return 2;
}

const damaged = (): Result<never> => fail('codec-failed', 'The JPEG-LS data of the frame is damaged.');

export const jpegLs: Codec = {
  transferSyntaxes: ['1.2.840.10008.1.2.4.80', '1.2.840.10008.1.2.4.81'],

  async decodeFrame(bytes, facts) {
    const stripped = stripJpegSegments(bytes);
    if (!stripped.ok) return stripped;
    const image = await withCodec('charls', (module): CodedImage => {
      const decoder = new module.JpegLSDecoder();
      try {
        decoder.getEncodedBuffer(stripped.value.bytes.length).set(stripped.value.bytes);
        decoder.decode();
        const { width, height, bitsPerSample, componentCount } = decoder.getFrameInfo();
        const data = samplesOf(decoder.getDecodedBuffer(), bitsPerSample);
        const planes = componentCount > 1 && decoder.getInterleaveMode() === 0;
        return {
          width,
          height,
          samples: componentCount,
          precision: bitsPerSample,
          signed: false,
          data: planes ? reorder(data, componentCount, true) : data,
          photometric: facts.photometric,
        };
      } finally {
        decoder.delete();
      }
    });
    return image === null ? damaged() : ok(image);
  },

  async encodeFrame(image, original) {
    const { width, height, samples, precision } = image;
    const mode = samples === 1 ? 0 : interleaveOf(original);
    const ordered = samples > 1 && mode === 0 ? reorder(image.data, samples, false) : image.data;
    const encoded = await withCodec('charls', (module): Uint8Array => {
      const encoder = new module.JpegLSEncoder();
      try {
        const target = encoder.getDecodedBuffer({ width, height, bitsPerSample: precision, componentCount: samples });
        target.set(new Uint8Array(ordered.buffer, ordered.byteOffset, ordered.byteLength));
        encoder.setNearLossless(0);
        encoder.setInterleaveMode(mode);
        encoder.encode();
        return new Uint8Array(encoder.getEncodedBuffer());
      } finally {
        encoder.delete();
      }
    });
    if (encoded === null) return fail('codec-failed', 'The frame could not be encoded as JPEG-LS.');
    const stripped = stripJpegSegments(encoded);
    return stripped.ok ? ok(stripped.value.bytes) : stripped;
  },

  /** Of the frame header: SOF55, length, precision (T.87 C.2.2). */
  precisionOf(bytes) {
    for (let at = 2; at + 4 < bytes.length && bytes[at] === 0xff;) {
      if (bytes[at + 1] === 0xf7) return bytes[at + 4];
      at += 2 + (((bytes[at + 2] ?? 0) << 8) | (bytes[at + 3] ?? 0));
    }
    return undefined;
  },

  cleanFrame(bytes) {
    const stripped = stripJpegSegments(bytes);
    return stripped.ok ? ok(stripped.value.bytes) : stripped;
  },
};
