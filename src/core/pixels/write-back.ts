import { giveBack, type ByteSource } from '../bytes';
import type { NewElement } from '../deid/plan';
import type { RedactionStyle } from '../deid/profile';
import type { DicomElement, DicomFile } from '../dicom/data-set';
import type { PixelReplacement } from '../dicom/write';
import { fail, ok, type Result } from '../result';
import { NewData } from '../scratch';
import { changesAfter, ValueRange } from './changes';
import { codecFor, type Codec } from './codecs';
import { Attributes } from './attributes';
import {
  buildEncapsulated,
  frameFragments,
  readFragments,
  readStream,
  tablesAgree,
  type OutputFrame,
} from './encapsulated';
import { grayscaleOf, pixelElement, pixelFacts } from './facts';
import { codedFrame, noCodec } from './frames';
import { nativeFrameBits, nativeRange } from './native';
import { readPalette } from './read-palette';
import { effectiveRects, type RedactOptions } from './redact';
import type { PixelFacts, Rect } from './types';
import { cellsOf, hasEmbeddedOverlay, hasUnusedBits, unusedBitsAreZero, unusedBitsHoldData } from './unused-bits';
import { redactCodedFrame } from './write-coded';
import { canBand, nativeParts, Patches, redactNativeBand, redactNativeFrame } from './write-native';

/** New Pixel Data and what else must change so that the header stays true. */
export interface PixelEdit {
  readonly replacement: PixelReplacement;
  /** Attributes to set: (0028,0301), (0028,0106), (0028,0107), … */
  readonly changes: readonly NewElement[];
  /** Attributes that would be untrue now. */
  readonly removeTags?: readonly number[];
}

export interface WriteBackOptions {
  readonly signal?: AbortSignal;
  /**
   * Where new pixel data goes: ranges in the replacement refer to its `source`. Default: all in memory, and `too-large` when that
   * is too much. Frames that nobody touched take no room.
   */
  readonly newData?: NewData;
  /**
   * Leaves bits of native cells that belong to no value as they are: the profile keeps overlays. In compressed frames, where nobody
   * would see them, they go all the same.
   */
  readonly keepUnusedBits?: boolean;
  /** Told after every frame. */
  readonly onFrame?: (done: number, total: number) => void;
}

const cancelled = (): Result<never> => fail('cancelled', 'The work on this file was cancelled.');

interface Job {
  readonly file: DicomFile;
  readonly source: ByteSource;
  readonly element: DicomElement;
  readonly facts: PixelFacts;
  readonly regionsOf: (frame: number) => readonly Rect[];
  readonly style: RedactionStyle;
  readonly options: WriteBackOptions;
  readonly newData: NewData;
  /** Bits outside the values are zeroed in every frame: the header tells of an overlay in them. */
  readonly clearUnused: boolean;
  /** They are zeroed in frames where they hold anything. */
  readonly checkUnused: boolean;
  readonly redactOptions: (frame: number) => RedactOptions;
}

function prepare(
  file: DicomFile,
  source: ByteSource,
  regionsOf: (frame: number) => readonly Rect[],
  style: RedactionStyle,
  options: WriteBackOptions,
): Result<Job | null> {
  const pixels = pixelElement(file);
  if (pixels === null) return ok(null);
  const facts = pixelFacts(file);
  if (!facts.ok) return facts;
  if (facts.value === null) return ok(null);
  const known = facts.value;
  const keepUnused = options.keepUnusedBits === true && pixels.element.fragments === undefined;
  const palette = known.photometric === 'PALETTE COLOR' ? readPalette(file, known) : undefined;
  return ok({
    file,
    source,
    element: pixels.element,
    facts: known,
    regionsOf: (frame) => effectiveRects(regionsOf(frame), known),
    style,
    options,
    newData: options.newData ?? new NewData(source),
    clearUnused: !keepUnused && hasEmbeddedOverlay(file, known),
    checkUnused: !keepUnused && hasUnusedBits(known),
    redactOptions: (frame) => ({
      grayscale: grayscaleOf(file, known, frame),
      ...(palette?.ok === true ? { palette: palette.value } : {}),
    }),
  });
}

async function writeNative(job: Job): Promise<Result<PixelEdit | null>> {
  const { file, source, element, facts, style } = job;
  const patches = new Patches(job.newData);
  const range = new ValueRange(facts.frames);
  let redacted = false;
  const attributes = new Attributes(file);
  const wantsExtremes = attributes.has(0x00280106) || attributes.has(0x00280107);
  const banded = facts.frames > 1 && !wantsExtremes && canBand(facts, style);
  const zero = await zeroOutside(job);
  if (!zero.ok) return zero;
  for (let i = 0; i < facts.frames; i++) {
    const rects = job.regionsOf(i);
    if (job.options.signal?.aborted === true) return cancelled();
    const dirty = zero.value ? ok(false) : await holdsUnusedBits(job, i);
    if (!dirty.ok) return dirty;
    if (rects.length === 0 && !dirty.value) continue;
    redacted ||= rects.length > 0;
    const choice = job.redactOptions(i);
    const inBand = banded && !dirty.value;
    const edit = inBand
      ? await redactNativeBand(file, source, element, facts, i, rects, style, choice)
      : await redactNativeFrame(file, source, element, facts, i, rects, style, choice, dirty.value);
    if (!edit.ok) return { ...edit, where: `frame ${i}` };
    if (!inBand) range.add(edit.value.frame.data);
    for (const patch of edit.value.patches) {
      const added = await patches.add(patch, nativeRange(element, facts, i).bit);
      if (!added.ok) return added;
    }
    job.options.onFrame?.(i + 1, facts.frames);
  }
  const tail = await dirtyTail(job);
  if (!tail.ok) return tail;
  const placed = await patches.end();
  if (!placed.ok) return placed;
  if (placed.value.length === 0 && !tail.value) return ok(null);
  return ok({
    replacement: {
      tag: element.tag,
      vr: element.vr,
      parts: nativeParts(element, facts, placed.value),
      undefinedLength: false,
    },
    ...changesAfter(file, facts, redacted, range),
  });
}

/** Whether nothing stands in the unused bits of any frame; true as well where nobody asks. */
async function zeroOutside(job: Job): Promise<Result<boolean>> {
  const { file, source, element, facts } = job;
  if (job.clearUnused || !job.checkUnused) return ok(!job.clearUnused);
  const end = element.valueStart + Math.ceil((nativeFrameBits(facts) * facts.frames) / 8);
  try {
    return await unusedBitsAreZero(file, source, element.valueStart, end, facts);
  } catch {
    return fail('read-failed', 'The file could not be read from its medium.');
  }
}

/** Whether a native frame has something in the unused bits of its cells, or is said to. */
async function holdsUnusedBits(job: Job, index: number): Promise<Result<boolean>> {
  const { file, source, element, facts } = job;
  if (job.clearUnused || !job.checkUnused) return ok(job.clearUnused);
  const { start, end } = nativeRange(element, facts, index);
  const bytes = await readStream(file, source, start, end);
  if (!bytes.ok) return bytes;
  return ok(unusedBitsHoldData(cellsOf(bytes.value, facts.bitsAllocated, file.encoding.littleEndian), facts));
}

/** Whether bytes other than zero lie behind the last frame. */
async function dirtyTail({ file, source, element, facts }: Job): Promise<Result<boolean>> {
  const end = element.valueStart + Math.ceil((nativeFrameBits(facts) * facts.frames) / 8);
  for (let at = end; at < element.valueEnd; at += 1 << 20) {
    const bytes = await readStream(file, source, at, Math.min(element.valueEnd, at + (1 << 20)));
    if (!bytes.ok) return bytes;
    if (bytes.value.some((b) => b !== 0)) return ok(true);
  }
  return ok(false);
}

async function writeCoded(job: Job, codec: Codec): Promise<Result<PixelEdit | null>> {
  const { file, source, element, facts } = job;
  const groups = await frameFragments(file, source, element, facts);
  if (!groups.ok) return groups;
  const frames: OutputFrame[] = [];
  const range = new ValueRange(facts.frames);
  let redacted = 0;
  let changed = false;
  let sample: Uint8Array | undefined;
  for (const [i, fragments] of groups.value.entries()) {
    if (job.options.signal?.aborted === true) return cancelled();
    const rects = job.regionsOf(i);
    const bytes = await readFragments(file, source, fragments);
    if (!bytes.ok) return bytes;
    if (rects.length > 0) redacted++;
    const frame = await codedOutput(job, codec, bytes.value, i, rects, range);
    if (!frame.ok) return { ...frame, where: `frame ${i}` };
    job.options.onFrame?.(i + 1, facts.frames);
    if (frame.value === null) {
      frames.push({ fragments });
      continue;
    }
    changed = true;
    if (rects.length > 0) sample = frame.value;
    const kept = await job.newData.keep(frame.value);
    if (!kept.ok) return { ...kept, where: `frame ${i}` };
    frames.push({ part: kept.value });
  }
  const tables = await tablesAgree(file, source, element, groups.value);
  if (!tables.ok) return tables;
  if (!changed && tables.value.agree) return ok(null);
  const value = buildEncapsulated(frames, tables.value);
  const photometric =
    sample !== undefined && redacted === facts.frames ? codec.photometricOf?.(sample, facts) : undefined;
  return ok({
    replacement: { tag: element.tag, vr: 'OB', undefinedLength: true, ...value },
    ...changesAfter(file, facts, redacted > 0, range, photometric),
  });
}

/** The new bytes of a frame; null: it stays as it is. */
async function codedOutput(
  job: Job,
  codec: Codec,
  bytes: Uint8Array,
  index: number,
  rects: readonly Rect[],
  range: ValueRange,
): Promise<Result<Uint8Array | null>> {
  const { facts } = job;
  const dirty = job.clearUnused || (job.checkUnused && (await codedUnusedBits(codec, bytes, facts)));
  if (rects.length === 0 && !dirty) {
    const clean = codec.cleanFrame(bytes, facts);
    if (!clean.ok) return clean;
    return ok(clean.value === bytes ? null : clean.value);
  }
  const edit = await redactCodedFrame(codec, bytes, facts, rects, job.style, job.redactOptions(index), dirty);
  if (!edit.ok) return edit;
  if (edit.value.frame !== undefined) {
    range.add(edit.value.frame.data);
    giveBack(edit.value.frame.data);
  }
  if (edit.value.frame === undefined && facts.frames === 1) {
    const image = await codec.decodeFrame(edit.value.bytes, facts);
    const frame = image.ok ? codedFrame(image.value, facts) : image;
    if (!frame.ok) return frame;
    range.add(frame.value.data);
  }
  return ok(edit.value.bytes);
}

/**
 * Whether a frame of a lossless syntax has something in bits that belong to no value. Lossy frames are not taken apart for it: what
 * was there did not survive as it was. What can't be decoded shows nothing to anybody.
 */
async function codedUnusedBits(codec: Codec, bytes: Uint8Array, facts: PixelFacts): Promise<boolean> {
  if (codec.encodeFrame === undefined || facts.lossy) return false;
  const precision = codec.precisionOf?.(bytes) ?? facts.bitsAllocated;
  if (precision <= facts.bitsStored) return false;
  const image = await codec.decodeFrame(bytes, facts);
  if (!image.ok || image.value.precision <= facts.highBit) return false;
  return unusedBitsHoldData(image.value.data, { ...facts, bitsAllocated: image.value.precision });
}

async function writeBack(job: Job): Promise<Result<PixelEdit | null>> {
  if (job.element.fragments === undefined) return writeNative(job);
  const codec = await codecFor(job.facts.transferSyntax);
  return codec === undefined ? noCodec(job.facts.transferSyntax) : writeCoded(job, codec);
}

/**
 * Redacts the frames that have regions and writes all of them back in the Instance's own transfer syntax (design: "Write
 * back"). Pixels outside the regions keep their values (JPEG: blocks outside their coefficients), frames without regions
 * their bytes, except that comments and other hidden data are taken out of every compressed frame.
 * @param regionsOf rectangles of a frame (index from 0), in image pixels
 *
 * Errors: `bad-pixel-data`, `codec-unsupported`, `codec-failed`, `bad-jpeg`, `redaction-unsupported`, `video`, `read-failed`,
 * `too-large`, `cancelled`.
 */
export async function redactPixelData(
  file: DicomFile,
  source: ByteSource,
  regionsOf: (frame: number) => readonly Rect[],
  style: RedactionStyle,
  options: WriteBackOptions = {},
): Promise<Result<PixelEdit | null>> {
  const job = prepare(file, source, regionsOf, style, options);
  if (!job.ok) return job;
  return job.value === null ? fail('bad-pixel-data', 'The object holds no pixels.') : writeBack(job.value);
}

/**
 * Takes what hides beside the pixels out of all frames, without touching a pixel: comments and application segments in
 * codestreams, bytes behind them and behind the last native frame, overlays in unused bits; and mends offset tables.
 * null: there was nothing to take out, or the object has no pixels. Errors as redactPixelData.
 */
export async function cleanFrames(
  file: DicomFile,
  source: ByteSource,
  options: WriteBackOptions = {},
): Promise<Result<PixelEdit | null>> {
  const job = prepare(file, source, () => [], 'solid', options);
  if (!job.ok) return job;
  return job.value === null ? ok(null) : writeBack(job.value);
}
