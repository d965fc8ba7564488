import { giveBack, type ByteSource } from '../bytes';
import type { DicomElement, DicomFile, Fragment } from '../dicom/data-set';
import { transferSyntax } from '../dicom/transfer-syntaxes';
import type { ViewFrame } from '../pipeline/types';
import { fail, ok, type Result } from '../result';
import { codecFor, type CodedImage } from './codecs';
import { viewFrame } from './display';
import { frameFragments, readFragments, readStream } from './encapsulated';
import { grayscaleOf, pixelElement, pixelFacts } from './facts';
import { cellOf, frameOf, nativeRange, storedValues, unpackFloat, unpackNative, type Cell } from './native';
import { overlayOver } from './overlays';
import { readPalette } from './read-palette';
import { videoFrame } from './video';
import type { DecodedFrame, PixelFacts } from './types';
import type { Palette } from './palette';

/** Frames of one Instance, read from slices one at a time. Nothing is kept between calls but small tables. */
export interface FrameReader {
  readonly facts: PixelFacts;
  /** Colours of a PALETTE COLOR image. */
  readonly palette: Palette | null;
  /** Stored bytes of a frame: native cells (1-bit images: from the byte its first bit is in), or the joined codestream. */
  stored(index: number): Promise<Result<Uint8Array>>;
  /** Stored values. `data` is the caller's own and may be written to. */
  decode(index: number): Promise<Result<DecodedFrame>>;
  /** The frame as the eye wants it, with exact extremes, and what lies over it. */
  view(index: number): Promise<Result<ViewFrame>>;
}

/** Cell of a coded image: codestreams that say how many bits they have hold values in the low bits. */
export function codedCell(image: CodedImage, facts: PixelFacts): Cell {
  if (image.precision >= facts.bitsAllocated || image.precision === facts.highBit + 1) return cellOf(facts);
  return { shift: 0, bits: Math.min(image.precision, facts.bitsStored), signed: facts.signed };
}

/** Stored values of a coded frame. Errors: `codec-failed` when size or samples are not those of the header. */
export function codedFrame(image: CodedImage, facts: PixelFacts): Result<DecodedFrame> {
  if (image.width !== facts.columns || image.height !== facts.rows) {
    return fail('codec-failed', 'The compressed frame has another size than the header states.');
  }
  if (image.samples !== facts.samplesPerPixel) {
    return fail('codec-failed', 'The compressed frame has another number of samples than the header states.');
  }
  return ok({
    width: image.width,
    height: image.height,
    samples: image.samples,
    data: storedValues(image.data, codedCell(image, facts)),
    photometric: image.photometric,
    bitsStored: facts.bitsStored,
  });
}

class Frames implements FrameReader {
  private groups: Promise<Result<readonly (readonly Fragment[])[]>> | undefined;

  constructor(
    private readonly file: DicomFile,
    private readonly source: ByteSource,
    private readonly element: DicomElement,
    readonly facts: PixelFacts,
    readonly palette: Palette | null,
  ) {}

  private fragments(): Promise<Result<readonly (readonly Fragment[])[]>> {
    this.groups ??= frameFragments(this.file, this.source, this.element, this.facts);
    return this.groups;
  }

  async stored(index: number): Promise<Result<Uint8Array>> {
    if (!Number.isInteger(index) || index < 0 || index >= this.facts.frames) {
      return fail('bad-pixel-data', 'There is no frame with this number.', `frame ${index}`);
    }
    if (this.element.fragments === undefined) {
      const { start, end } = nativeRange(this.element, this.facts, index);
      return readStream(this.file, this.source, start, end);
    }
    const groups = await this.fragments();
    if (!groups.ok) return groups;
    return readFragments(this.file, this.source, groups.value[index] ?? []);
  }

  async decode(index: number): Promise<Result<DecodedFrame>> {
    const { facts, file } = this;
    if (transferSyntax(facts.transferSyntax)?.video === true) {
      return videoFrame(file, this.source, this.element, facts, index);
    }
    const coded = this.element.fragments !== undefined;
    const codec = coded ? await codecFor(facts.transferSyntax) : undefined;
    if (coded && codec === undefined) return noCodec(facts.transferSyntax);
    const bytes = await this.stored(index);
    if (!bytes.ok) return bytes;
    if (codec === undefined) {
      if (facts.sampleType !== 'integer') {
        return ok({
          width: facts.columns,
          height: facts.rows,
          samples: facts.samplesPerPixel,
          data: unpackFloat(bytes.value, facts, file.encoding.littleEndian),
          photometric: facts.photometric,
          bitsStored: facts.bitsStored,
        });
      }
      const { bit } = nativeRange(this.element, facts, index);
      return ok(frameOf(unpackNative(bytes.value, bit, facts, file.encoding.littleEndian), facts));
    }
    const image = await codec.decodeFrame(bytes.value, facts);
    const frame = image.ok ? codedFrame(image.value, facts) : image;
    if (image.ok && frame.ok && frame.value.data.buffer !== image.value.data.buffer) giveBack(image.value.data);
    return frame.ok ? frame : { ...frame, where: `frame ${index}` };
  }

  async view(index: number): Promise<Result<ViewFrame>> {
    const frame = await this.decode(index);
    if (!frame.ok) return frame;
    const view = viewFrame(frame.value, grayscaleOf(this.file, this.facts, index), this.palette);
    const overlay = await overlayOver(this.file, this.source, this.facts, index);
    if (!overlay.ok) return overlay;
    return ok(overlay.value === null ? view : { ...view, overlay: overlay.value });
  }
}

export function noCodec(uid: string): Result<never> {
  if (transferSyntax(uid)?.video === true) {
    return fail('video', 'The frames are a video stream, which Lethe can neither show frame by frame nor redact yet.');
  }
  return fail('codec-unsupported', 'Lethe has no decoder for the way in which the frames are compressed.');
}

/**
 * Opens the frames of an Instance. Reads nothing yet.
 * Errors: those of `pixelFacts`; `bad-pixel-data` also when there are no pixels; `video` and `codec-unsupported` when a
 * frame is asked for.
 */
export function openFrames(file: DicomFile, source: ByteSource): Result<FrameReader> {
  const pixels = pixelElement(file);
  const facts = pixelFacts(file);
  if (!facts.ok) return facts;
  if (pixels === null || facts.value === null) return fail('bad-pixel-data', 'The object holds no pixels.');
  const palette = facts.value.photometric === 'PALETTE COLOR' ? readPalette(file, facts.value) : ok(null);
  if (!palette.ok) return palette;
  return ok(new Frames(file, source, pixels.element, facts.value, palette.value));
}
