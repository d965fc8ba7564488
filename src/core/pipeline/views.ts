/** Frames of an opened input, DICOM or plain, for the eye and for the text search. */
import type { RedactionStyle } from '../deid/profile';
import type { Region } from '../detect/types';
import { transferSyntax } from '../dicom/transfer-syntaxes';
import { pixelFacts } from '../pixels/facts';
import { openFrames } from '../pixels/frames';
import { extremes } from '../pixels/display';
import { overlayOver } from '../pixels/overlays';
import { previewFrame } from '../pixels/preview';
import { redactInPlace } from '../pixels/redact';
import type { PixelFacts } from '../pixels/types';
import type { Result } from '../result';
import { fail, ok } from '../result';
import { failure } from './errors';
import type { Opened } from './open';
import { regionsOfFrame } from './process-dicom';
import { rasterView } from './raster-view';
import { sopClassOf } from './summary';
import type { SearchedFrames } from './text-search';
import type { ViewFrame } from './types';

const outside = fail('bad-pixel-data', 'The file has no such frame.');
const noPixels = fail('bad-pixel-data', 'The file has no image to show.');

export async function viewOf(opened: Opened, index: number): Promise<Result<ViewFrame>> {
  if (opened.kind !== 'dicom') return rasterView(opened, index);
  const facts = pixelFacts(opened.file);
  if (!facts.ok) return facts;
  if (facts.value === null) return noPixels;
  if (!Number.isInteger(index) || index < 0 || index >= facts.value.frames) return outside;
  const frames = openFrames(opened.file, opened.source);
  return frames.ok ? frames.value.view(index) : frames;
}

/** The frame that tells most of a cine or a stack. */
export function middleFrame(opened: Opened): number {
  if (opened.kind !== 'dicom') return opened.file.facts.volume === true ? opened.file.facts.frames >> 1 : 0;
  const facts = pixelFacts(opened.file);
  return facts.ok && facts.value !== null ? Math.floor(facts.value.frames / 2) : 0;
}

/** The frame with its regions emptied, for the before | after toggle. */
export async function previewOf(
  opened: Opened,
  index: number,
  regions: readonly Region[],
  style: RedactionStyle,
): Promise<Result<ViewFrame>> {
  const rects = regionsOfFrame(regions)(index);
  if (opened.kind === 'dicom' && rects.length > 0) {
    const facts = pixelFacts(opened.file);
    if (facts.ok && facts.value !== null && index >= facts.value.frames) return outside;
    return previewFrame(opened.file, opened.source, index, rects, style);
  }
  const view = await viewOf(opened, index);
  if (!view.ok || rects.length === 0) return view;
  // A copy: the frame may belong to a cache.
  const data = view.value.data.slice();
  redactInPlace({ ...view.value, data }, rects, style, viewFacts(view.value));
  return ok({ ...view.value, data, ...extremes(data) });
}

/** What the redaction needs to know of a frame that was made ready for the eye. */
function viewFacts(view: ViewFrame): PixelFacts {
  const bits = view.data.BYTES_PER_ELEMENT * 8;
  const signed = view.data instanceof Int8Array || view.data instanceof Int16Array || view.data instanceof Int32Array;
  const float = view.data instanceof Float32Array || view.data instanceof Float64Array;
  return {
    rows: view.height,
    columns: view.width,
    frames: 1,
    samplesPerPixel: view.samples,
    photometric: view.display === 'rgb' ? 'RGB' : view.photometric,
    planarConfiguration: 0,
    bitsAllocated: bits,
    bitsStored: view.bitsStored,
    highBit: view.bitsStored - 1,
    signed,
    sampleType: float ? (bits === 64 ? 'double' : 'float') : 'integer',
    transferSyntax: '',
    lossy: false,
  };
}

/** Secondary captures of several frames are pages, each to be read by itself (PS3.3 A.8). */
const pages = /^1\.2\.840\.10008\.5\.1\.4\.1\.1\.7(\.|$)/;

/** The frames of an input as the text search wants them, with what lies over them if that stays; null when it has none. */
export function searchedFrames(opened: Opened, overlays: boolean): Result<SearchedFrames | null> {
  if (opened.kind !== 'dicom') {
    const { frames, volume } = opened.file.facts;
    return ok({ count: frames, cine: volume === true, view: (index) => rasterView(opened, index) });
  }
  const facts = pixelFacts(opened.file);
  if (!facts.ok) return failure('bad-pixel-data', facts.where);
  if (facts.value === null) return ok(null);
  const { file, source } = opened;
  const known = facts.value;
  // To look at, not to search: it can't be redacted, and is not exported.
  if (transferSyntax(file.transferSyntax)?.video === true) return failure('video');
  const reader = openFrames(file, source);
  if (!reader.ok) return reader;
  return ok({
    ...(overlays && { overlay: (index: number) => overlayOver(file, source, known, index) }),
    count: known.frames,
    cine: !pages.test(sopClassOf(opened.file)),
    view: (index) => reader.value.view(index),
  });
}
