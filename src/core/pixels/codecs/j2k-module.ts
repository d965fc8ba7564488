import { fail, ok, type Result } from '../../result';
import { cleanCodestream, readSize } from '../j2k/codestream';
import type { PixelFacts } from '../types';
import type { CodedImage } from './types';
import type { CodecModules, J2kDecoder, J2kEncoder, WasmView } from './modules';
import { withCodec } from './wasm';

/** What OpenJPEG and OpenJPH have in common: the same kind of interface over JPEG 2000 codestreams. */

type J2kName = 'openjpeg' | 'openjph';

/** 8-bit containers up to 8 bits, 16-bit ones above, as both packages hand samples over. */
function samplesOf(raw: WasmView, bits: number): Uint8Array | Uint16Array {
  const copy = new Uint8Array(raw);
  return bits <= 8 ? copy : new Uint16Array(copy.buffer, 0, copy.byteLength >> 1);
}

/** Decodes a codestream, or the codestream inside a JP2 file. */
export async function decodeJ2k<N extends J2kName>(
  name: N,
  bytes: Uint8Array,
  facts: PixelFacts,
  create: (module: CodecModules[N]) => J2kDecoder,
): Promise<Result<CodedImage>> {
  const cleaned = cleanCodestream(bytes);
  if (!cleaned.ok) return cleaned;
  const size = readSize(cleaned.value);
  if (!size.ok) return size;
  if (size.value.components.some((c) => c.precision > 16 || c.dx !== 1 || c.dy !== 1)) {
    return fail(
      'codec-unsupported',
      'JPEG 2000 with more than 16 bits or with subsampled components is not supported.',
    );
  }
  if (size.value.components.some((c) => c.precision !== size.value.components[0]?.precision)) {
    return fail('codec-unsupported', 'JPEG 2000 whose components differ in precision is not supported.');
  }
  const image = await withCodec(name, (module): CodedImage => {
    const decoder = create(module);
    try {
      decoder.getEncodedBuffer(cleaned.value.length).set(cleaned.value);
      decoder.decode();
      const { width, height, bitsPerSample, componentCount, isSigned } = decoder.getFrameInfo();
      return {
        width,
        height,
        samples: componentCount,
        precision: bitsPerSample,
        signed: isSigned,
        data: samplesOf(decoder.getDecodedBuffer(), bitsPerSample),
        // Both codecs undo the component transform.
        photometric:
          /^YBR_(RCT|ICT)$/.test(facts.photometric) || (size.value.transform && componentCount === 3)
            ? 'RGB'
            : facts.photometric,
      };
    } finally {
      decoder.delete();
    }
  });
  return image === null ? fail('codec-failed', 'The JPEG 2000 data of the frame is damaged.') : ok(image);
}

/** Encodes losslessly; `configure` sets what the syntax wants. The result holds no comment. */
export async function encodeJ2k<N extends J2kName, E extends J2kEncoder>(
  name: N,
  image: CodedImage,
  original: Uint8Array,
  create: (module: CodecModules[N]) => E,
  configure: (encoder: E, decompositions: number) => void,
): Promise<Result<Uint8Array>> {
  const { width, height, samples, precision, signed, data } = image;
  // A level more than the shorter side can be halved makes encoders fail or write empty resolutions.
  const decompositions = Math.max(0, Math.min(5, Math.floor(Math.log2(Math.min(width, height)))));
  const size = readSize(original);
  const isUsingColorTransform = samples === 3 && size.ok && size.value.transform;
  const encoded = await withCodec(name, (module): Uint8Array => {
    const encoder = create(module);
    try {
      const info = {
        width,
        height,
        bitsPerSample: precision,
        componentCount: samples,
        isSigned: signed,
        isUsingColorTransform,
      };
      encoder.getDecodedBuffer(info).set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
      configure(encoder, decompositions);
      encoder.encode();
      return new Uint8Array(encoder.getEncodedBuffer());
    } finally {
      encoder.delete();
    }
  });
  if (encoded === null) return fail('codec-failed', 'The frame could not be encoded as JPEG 2000.');
  return cleanCodestream(encoded);
}
