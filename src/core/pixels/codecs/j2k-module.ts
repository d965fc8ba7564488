import { fail, ok, type Result } from '../../result';
import { cleanCodestream, readSize } from '../j2k/codestream';
import type { PixelFacts } from '../types';
import { joinComponents, unscrambled, withSign } from '../j2k/components';
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
  const signed = size.value.components.some((c) => c.signed);
  if (signed && size.value.components.some((c) => !c.signed)) {
    return fail('codec-unsupported', 'JPEG 2000 whose components differ in sign is not supported.');
  }
  const codestream = signed ? withSign(cleaned.value, false) : cleaned.value;
  const image = await withCodec(name, (module): CodedImage => {
    const decoder = create(module);
    try {
      decoder.getEncodedBuffer(codestream.length).set(codestream);
      decoder.decode();
      const { width, height, bitsPerSample, componentCount } = decoder.getFrameInfo();
      const raw = samplesOf(decoder.getDecodedBuffer(), bitsPerSample);
      const ordered =
        name === 'openjph' && componentCount > 1 && !size.value.transform
          ? unscrambled(raw, width, height, componentCount)
          : raw;
      return {
        width,
        height,
        samples: componentCount,
        precision: bitsPerSample,
        signed,
        data: signed ? shifted(ordered, bitsPerSample, false) : ordered,
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

type Samples = Uint8Array | Uint16Array;

/** Sample values v as v + 2^(bits - 1) modulo 2^bits, or the reverse: what signed and unsigned codestreams differ by. */
function shifted(data: Samples, bits: number, toUnsigned: boolean): Samples {
  const middle = 2 ** (bits - 1);
  const mask = 2 ** bits - 1;
  const out = data.slice();
  for (let i = 0; i < out.length; i++) {
    const value = out[i] ?? 0;
    out[i] = toUnsigned ? (value + middle) & mask : value - middle;
  }
  return out;
}

/** One component of pixel-interleaved samples. */
function componentOf(data: Samples, samples: number, index: number): Samples {
  const out =
    data instanceof Uint8Array ? new Uint8Array(data.length / samples) : new Uint16Array(data.length / samples);
  for (let i = 0, at = index; i < out.length; i++, at += samples) out[i] = data[at] ?? 0;
  return out;
}

/**
 * Encodes losslessly; `configure` sets what the syntax wants. The result holds no comment. Only 8-bit colour with the reversible
 * transform goes to the codec as it is; else components are encoded one by one (see components.ts).
 */
export async function encodeJ2k<N extends J2kName, E extends J2kEncoder>(
  name: N,
  image: CodedImage,
  original: Uint8Array,
  create: (module: CodecModules[N]) => E,
  configure: (encoder: E, decompositions: number) => void,
): Promise<Result<Uint8Array>> {
  const { width, height, samples, precision, signed } = image;
  const data = signed && !(image.data instanceof Uint32Array) ? shifted(image.data, precision, true) : image.data;
  if (data instanceof Uint32Array) return fail('redaction-unsupported', 'JPEG 2000 above 16 bits is not written.');
  // A level more than the shorter side can be halved makes OpenJPEG fail; without any OpenJPH loses the lowest value.
  const decompositions = Math.max(
    name === 'openjph' ? 1 : 0,
    Math.min(5, Math.floor(Math.log2(Math.min(width, height)))),
  );
  const size = readSize(original);
  const transform = samples === 3 && precision <= 8 && (original.length === 0 || (size.ok && size.value.transform));
  const encode = (values: Samples, componentCount: number): Promise<Uint8Array | null> =>
    withCodec(name, (module): Uint8Array => {
      const encoder = create(module);
      try {
        const info = {
          width,
          height,
          bitsPerSample: precision,
          componentCount,
          isSigned: false,
          isUsingColorTransform: componentCount === 3,
        };
        encoder.getDecodedBuffer(info).set(new Uint8Array(values.buffer, values.byteOffset, values.byteLength));
        configure(encoder, decompositions);
        encoder.encode();
        return new Uint8Array(encoder.getEncodedBuffer());
      } finally {
        encoder.delete();
      }
    });
  const streams: Uint8Array[] = [];
  const count = samples === 1 || transform ? 1 : samples;
  for (let c = 0; c < count; c++) {
    const encoded = await encode(count === 1 ? data : componentOf(data, samples, c), count === 1 ? samples : 1);
    if (encoded === null) return fail('codec-failed', 'The frame could not be encoded as JPEG 2000.');
    const clean = cleanCodestream(encoded);
    if (!clean.ok) return clean;
    streams.push(clean.value);
  }
  const [only] = streams;
  const whole = streams.length === 1 && only !== undefined ? ok(only) : joinComponents(streams);
  return whole.ok && signed ? ok(withSign(whole.value, true)) : whole;
}
