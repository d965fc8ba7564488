/**
 * Frames of a video, to look at: no file with a video is exported, since nothing in one can be redacted without coding all of it anew.
 * Core knows how a stream is cut into frames; who decodes them it is told by the host, since only browsers can (WebCodecs).
 */
import type { ByteSource } from '../../bytes';
import type { DicomElement, DicomFile } from '../../dicom/data-set';
import { fail, ok, type Result } from '../../result';
import { readFragments } from '../encapsulated';
import type { DecodedFrame, PixelFacts } from '../types';
import { wayTo, type ByteStream } from './byte-stream';
import { h264Stream } from './h264';
import { hevcStream } from './hevc';

/** One frame as RGBA, 8 bit. */
export interface VideoImage {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8ClampedArray;
}

/** Decodes one stream forward. */
export interface VideoStream {
  /**
   * Frame `index` of those that come out of `units`, in the order in which they are shown. They begin with a key frame, number `key`
   * of the stream; the same number comes with the same units. Rejects when the stream can't be decoded.
   */
  frame(units: readonly Uint8Array[], key: number, index: number): Promise<VideoImage>;
}

/** A video that can be asked for any of its frames, in the order in which they are shown. Rejects when one can't be decoded. */
export interface Video {
  readonly frames: number;
  frame(index: number): Promise<VideoImage>;
}

export interface VideoDecoding {
  /** Opens a decoder for a codec (RFC 6381); null where this one is not known here. */
  stream(codec: string): Promise<VideoStream | null>;
  /** Opens a container (such as MP4); null where it or what it holds is not known here. */
  container(bytes: Uint8Array): Promise<Video | null>;
}

let decoding: VideoDecoding | undefined;

/** Tells who decodes videos. Without it they are not shown. */
export function setVideoDecoding(next: VideoDecoding): void {
  decoding = next;
}

/** Streams of the files that are open; they go with them. */
const streams = new WeakMap<DicomFile, Promise<Result<Video>>>();

/** A stream is looked at whole; longer ones are not shown. */
const mostBytes = 256 * 1024 * 1024;

const TS = '1.2.840.10008.1.2.4.';

/** Byte streams of these syntaxes can be cut into frames (PS3.5 A.4.5 to A.4.11, with the variants in fragments). */
const cuts: readonly (readonly [RegExp, (bytes: Uint8Array) => ByteStream | null])[] = [
  [/^10[2-6](\.1)?$/, h264Stream],
  [/^10[78]$/, hevcStream],
];

/** Why frames are not shown: no browser decodes MPEG-2, and HEVC only where the machine does. */
function unshown(file: DicomFile): Result<never> {
  const number = file.transferSyntax.slice(TS.length);
  if (decoding !== undefined && /^10[01](\.1)?$/.test(number)) {
    return fail('video-mpeg2', 'The frames are MPEG-2 video, which no browser decodes.');
  }
  if (decoding !== undefined && /^10[78]$/.test(number)) {
    return fail('video-hevc', 'The frames are HEVC (H.265) video, which this browser does not decode.');
  }
  return fail(
    'video',
    'The frames are a video stream that can not be shown here, and Lethe can not redact videos yet.',
  );
}

async function openVideo(file: DicomFile, source: ByteSource, element: DicomElement): Promise<Result<Video>> {
  // The first one is the table of offsets.
  const fragments = element.fragments?.slice(1) ?? [];
  if (decoding === undefined || fragments.reduce((n, f) => n + f.valueEnd - f.valueStart, 0) > mostBytes) {
    return unshown(file);
  }
  const bytes = await readFragments(file, source, fragments);
  if (!bytes.ok) return bytes;
  try {
    const cut = cuts.find(([number]) => number.test(file.transferSyntax.slice(TS.length)))?.[1](bytes.value) ?? null;
    if (cut === null) {
      const video = await decoding.container(bytes.value);
      return video === null ? unshown(file) : ok(video);
    }
    const stream = await decoding.stream(cut.codec);
    return stream === null ? unshown(file) : ok(inStream(bytes.value, cut, stream));
  } catch {
    return unshown(file);
  }
}

function inStream(bytes: Uint8Array, cut: ByteStream, stream: VideoStream): Video {
  const parameters = bytes.subarray(0, cut.head);
  return {
    frames: cut.units.length,
    frame: (wanted) => {
      const { key, units, index } = wayTo(cut, wanted);
      const coded = units.map((u) => {
        const own = bytes.subarray(u.start, u.end);
        return u.key && !u.parameters ? joined(parameters, own) : own;
      });
      return stream.frame(coded, key, index);
    },
  };
}

function joined(a: Uint8Array, b: Uint8Array): Uint8Array {
  const out = new Uint8Array(a.byteLength + b.byteLength);
  out.set(a);
  out.set(b, a.byteLength);
  return out;
}

/**
 * A frame of a video as RGB. Errors: `video`, `video-mpeg2`, `video-hevc` for what nobody decodes here, `codec-failed` for a stream
 * that is broken or of another size than the header says.
 */
export async function videoFrame(
  file: DicomFile,
  source: ByteSource,
  element: DicomElement,
  facts: PixelFacts,
  index: number,
): Promise<Result<DecodedFrame>> {
  let opening = streams.get(file);
  if (opening === undefined) {
    opening = openVideo(file, source, element);
    streams.set(file, opening);
  }
  const opened = await opening;
  if (!opened.ok) return opened;
  if (index >= opened.value.frames) return fail('codec-failed', 'The video has fewer frames than the header states.');
  let image: VideoImage;
  try {
    image = await opened.value.frame(index);
  } catch {
    return fail('codec-failed', 'The video could not be decoded.', `frame ${index}`);
  }
  const { width, height, data } = image;
  if (width !== facts.columns || height !== facts.rows) {
    return fail('codec-failed', 'The video has another size than the header states.');
  }
  const rgb = new Uint8Array(width * height * 3);
  for (let i = 0, o = 0; i < data.length; i += 4) {
    rgb[o++] = data[i] ?? 0;
    rgb[o++] = data[i + 1] ?? 0;
    rgb[o++] = data[i + 2] ?? 0;
  }
  return ok({ width, height, samples: 3, data: rgb, photometric: 'RGB', bitsStored: 8 });
}
