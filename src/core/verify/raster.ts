/** The gate of plain images: the output holds pixels and what rendering needs, and nothing else. */
import { type ByteSource, type Part, type SourceRange, isSourceRange } from '../bytes';
import type { IdentityFacts } from '../deid/context';
import type { Profile } from '../deid/profile';
import type { Region } from '../detect/types';
import { type RasterFile, type RasterKind, noRects, openRaster } from '../raster';
import { nameFindings } from './checks/name';
import { equalBytes } from './checks/shared';
import { searchableRanges } from './codestream';
import { SoughtValues } from './needles';
import { type OutputBytes, outputBytes } from './output';
import { insideChanged, outsideIsEqual, regionsOfFrame } from './pixel-compare';
import type { FindingMessage } from './messages';
import type { Finding } from './types';

export interface RasterGateInput {
  readonly kind: RasterKind;
  readonly source: ByteSource;
  readonly path: string;
  readonly identity: IdentityFacts;
  readonly regions: readonly Region[];
  readonly profile: Profile;
  readonly pixelsChanged: boolean;
}

/**
 * All findings about one plain image's output; none means that it may leave. The final bytes are opened anew and read image by
 * image, so that a volume or a stack of any size takes the memory of one image.
 */
export async function verifyRaster(
  input: RasterGateInput,
  output: { readonly parts: readonly Part[]; readonly outputPath: string },
): Promise<readonly Finding[]> {
  const bytes = outputBytes(output.parts, input.source);
  const opened = await openRaster(bytes);
  const again = opened.ok ? await opened.value.write(noRects, 'solid') : opened;
  if (!opened.ok || !again.ok || opened.value.kind !== input.kind) {
    return [{ check: 'parses', severity: 'block', message: 'The output can’t be read back to its last byte.' }];
  }
  const after = opened.value;
  const findings: Finding[] = [];
  // Stripping what is stripped already changes nothing: so there was nothing left to strip.
  if (!(await isSame(again.value.parts, bytes)) || again.value.removed.length > 0) {
    findings.push({
      check: 'forbidden-attributes',
      severity: 'block',
      message: 'The output still holds something besides its pixels.',
      where: again.value.removed[0]?.name ?? 'pixel data',
    });
  }
  const sought = new SoughtValues(() => []);
  sought.addIdentity(input.identity);
  findings.push(...(await searchIdentity(after, bytes, sought)), ...nameFindings(output.outputPath, sought));
  const redact = input.regions.some((r) => r.action === 'redact');
  if (redact && !input.pixelsChanged) {
    findings.push({ check: 'pixel-policy', severity: 'block', message: 'Marked regions were not redacted.' });
  }
  findings.push(...(await comparePixels(input, after, output.parts, bytes)));
  return findings;
}

const pieceSize = 4 * 1024 * 1024;

/** Whether parts that were made of `file` are that file again. A range that stands where it came from needs no reading. */
async function isSame(parts: readonly Part[], file: ByteSource): Promise<boolean> {
  let at = 0;
  for (const part of parts) {
    const length = isSourceRange(part) ? part.end - part.start : part.length;
    if (isSourceRange(part) ? part.start !== at : false) {
      for (let from = 0; from < length; from += pieceSize) {
        const to = Math.min(length, from + pieceSize);
        const range = part as { readonly start: number };
        const one = await file.read(range.start + from, range.start + to);
        if (!equalBytes(one, await file.read(at + from, at + to))) return false;
      }
    } else if (!isSourceRange(part) && !equalBytes(part, await file.read(at, at + length))) return false;
    at += length;
  }
  return at === file.size;
}

async function searchIdentity(
  file: RasterFile,
  output: OutputBytes,
  sought: SoughtValues,
): Promise<readonly Finding[]> {
  const findings: Finding[] = [];
  const search = (bytes: Uint8Array, start: number, end: number, offset: number): void => {
    sought.index.search(bytes, start, end, (hit) => {
      if (findings.length > 0 || hit.end - hit.start < 5) return;
      findings.push({
        check: 'no-identity',
        severity: 'block',
        message: 'An identifying value is in the output, outside its pixels.',
        where: `byte ${offset + hit.start}`,
      });
    });
  };
  if (file.kind === 'png' || file.kind === 'jpeg') {
    const bytes = await output.read(0, output.size);
    const ranges = file.kind === 'jpeg' ? searchableRanges(bytes, 'jpeg') : pngRanges(bytes);
    for (const { start, end } of ranges) search(bytes, start, end, 0);
  } else for (const { at, bytes } of await file.plainBytes()) search(bytes, 0, bytes.length, at);
  return findings;
}

/** Every chunk but those of pixels and colours. */
function pngRanges(bytes: Uint8Array): readonly { start: number; end: number }[] {
  const ranges: { start: number; end: number }[] = [];
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let at = 8;
  while (at + 12 <= bytes.length) {
    const end = Math.min(bytes.length, at + 12 + view.getUint32(at));
    const type = String.fromCharCode(...bytes.subarray(at + 4, at + 8));
    if (type !== 'IDAT' && type !== 'fdAT' && type !== 'PLTE' && type !== 'tRNS') ranges.push({ start: at, end });
    at = end;
  }
  if (at < bytes.length) ranges.push({ start: at, end: bytes.length });
  return ranges;
}

async function comparePixels(
  input: RasterGateInput,
  after: RasterFile,
  parts: readonly Part[],
  output: OutputBytes,
): Promise<readonly Finding[]> {
  const blocked = (message: FindingMessage, frame?: number): Finding => ({
    check: 'pixels-unchanged',
    severity: 'block',
    message,
    ...(frame === undefined ? {} : { where: `frame ${frame + 1}` }),
  });
  const before = await openRaster(input.source);
  if (!before.ok || !sameKind(before.value, after)) {
    return [blocked('The image has another kind of pixels than before.')];
  }
  if (!input.pixelsChanged) {
    const expected = await before.value.write(noRects, 'solid');
    if (!expected.ok || !(await areEqual(expected.value.parts, parts, input.source))) {
      return [blocked('The pixel data changed.')];
    }
    // Of these no stream was coded anew.
    if (after.kind === 'png' || after.kind === 'jpeg') return [];
  }
  const findings: Finding[] = [];
  const rectsOf = (frame: number) => (input.pixelsChanged ? regionsOfFrame(input.regions, frame) : []);
  for (let frame = 0; frame < after.facts.frames; frame++) {
    const rects = rectsOf(frame);
    if (rects.length === 0 && isUntouched(before.value, after, output, frame)) continue;
    const a = await before.value.stored(frame);
    const b = await after.stored(frame);
    if (!a.ok || !b.ok || a.value.x !== b.value.x || a.value.y !== b.value.y) {
      findings.push(blocked('The redacted image can’t be decoded again.', frame));
      continue;
    }
    const { x, y } = a.value;
    const touched = await before.value.touched(frame, rectsOf);
    const shifted = touched.map((r) => ({ ...r, x: r.x - x, y: r.y - y }));
    if (!outsideIsEqual(a.value.frame, b.value.frame, shifted)) {
      findings.push(blocked('Pixels outside the redacted regions changed.', frame));
    }
    if (rects.length > 0 && !insideChanged(a.value.frame, b.value.frame, shifted)) {
      findings.push(blocked('A marked region is unchanged.', frame));
    }
  }
  return findings;
}

/** The image's stored bytes were passed on as one piece of the input each. */
function isUntouched(before: RasterFile, after: RasterFile, output: OutputBytes, frame: number): boolean {
  const was = before.ranges?.(frame) ?? [];
  const is = after.ranges?.(frame) ?? [];
  return (
    was.length > 0 &&
    was.length === is.length &&
    was.every((range, i) => {
      const there = is[i] as SourceRange;
      if (range.end === range.start) return there.end === there.start;
      const from = output.sourceRange(there.start, there.end);
      return from !== null && from.start === range.start && from.end === range.end;
    })
  );
}

/** Same samples, colours and number of images: all that is not coding. */
function sameKind(one: RasterFile, two: RasterFile): boolean {
  const [a, b] = [one.facts, two.facts];
  return (
    a.frames === b.frames &&
    a.bits === b.bits &&
    a.samples === b.samples &&
    a.palette === b.palette &&
    a.width === b.width &&
    a.height === b.height &&
    a.orientation === b.orientation &&
    a.sampleType === b.sampleType &&
    one.extension === two.extension
  );
}

/** Whether two lists of parts of one source are the same bytes. Equal ranges need no reading. */
async function areEqual(one: readonly Part[], two: readonly Part[], source: ByteSource): Promise<boolean> {
  if (one.length === two.length) {
    const pairs = one.map((a, i) => [a, two[i] as Part] as const);
    const alike = pairs.every(([a, b]) =>
      isSourceRange(a)
        ? isSourceRange(b) && a.start === b.start && a.end === b.end
        : !isSourceRange(b) && equalBytes(a, b),
    );
    if (alike) return true;
  }
  const [a, b] = [outputBytes(one, source), outputBytes(two, source)];
  if (a.size !== b.size) return false;
  for (let at = 0; at < a.size; at += pieceSize) {
    if (!equalBytes(await a.read(at, at + pieceSize), await b.read(at, at + pieceSize))) return false;
  }
  return true;
}
