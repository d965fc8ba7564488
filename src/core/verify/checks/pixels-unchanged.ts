import { giveBack } from '../../bytes';
import { type DicomElement, type DicomFile, findElement } from '../../dicom/data-set';
import { openFrames } from '../../pixels/frames';
import { touchedPixels } from '../../pixels/jpeg';
import { effectiveRects } from '../../pixels/redact';
import type { PixelFacts, Rect } from '../../pixels/types';
import { codestreamOf, essence } from '../codestream';
import { insideChanged, outsideIsEqual, regionsOfFrame } from '../pixel-compare';
import type { FindingMessage } from '../messages';
import type { Finding } from '../types';
import { equalBytes, isSampleData } from './shared';
import type { Check, CheckContext } from './types';

const piece = 1 << 20;

/**
 * Pixel Data that nobody touched is the input's, byte for byte (a range of the source that is passed on is so by
 * construction). Of redacted Pixel Data every frame is equal outside its regions, and different inside.
 */
export const pixelsUnchanged: Check = {
  name: 'pixels-unchanged',
  proves: 'Pixels outside the redacted regions are the input’s; untouched pixel data is so byte for byte.',
  run: async (context) => {
    const findings: Finding[] = [];
    for (const before of context.input.file.elements.filter((e) => isSampleData(e, 0))) {
      const after = findElement(context.file.elements, before.tag);
      if (after === undefined) findings.push(blocked('The pixel data was lost.'));
      else if (!context.input.pixelsChanged) {
        if (!(await identical(context, before, after))) {
          findings.push(blocked('The pixel data changed, though nobody touched it.'));
        }
      } else findings.push(...(await compareFrames(context)));
    }
    return findings;
  },
};

function blocked(message: FindingMessage, frame?: number): Finding {
  const finding: Finding = { check: 'pixels-unchanged', severity: 'block', message };
  return frame === undefined ? finding : { ...finding, where: `frame ${frame + 1}` };
}

async function identical(context: CheckContext, before: DicomElement, after: DicomElement): Promise<boolean> {
  const { input, file, bytes } = context;
  const length = before.valueEnd - before.valueStart;
  if (after.valueEnd - after.valueStart !== length) return false;
  if (length === 0) return true;
  if (!input.file.deflated && !file.deflated) {
    const range = bytes.sourceRange(after.valueStart, after.valueEnd);
    if (range?.start === before.valueStart && range.end === before.valueEnd) return true;
  }
  // Offsets in a deflated file are those of its inflated stream.
  const view = file.deflated ? null : bytes.view(after.valueStart, after.valueEnd);
  if (view !== null && input.file.isLoaded(before.valueStart, before.valueEnd)) {
    return equalBytes(view, input.file.bytes(before.valueStart, before.valueEnd));
  }
  for (let at = 0; at < length; at += piece) {
    const end = Math.min(length, at + piece);
    const a = await read(input.file, input.source, before.valueStart + at, before.valueStart + end);
    const b = await read(file, bytes, after.valueStart + at, after.valueStart + end);
    if (!equalBytes(a, b)) return false;
  }
  return true;
}

async function read(
  file: DicomFile,
  source: { read(start: number, end: number): Promise<Uint8Array> },
  start: number,
  end: number,
): Promise<Uint8Array> {
  return file.isLoaded(start, end) ? file.bytes(start, end) : source.read(start, end);
}

async function compareFrames(context: CheckContext): Promise<readonly Finding[]> {
  const { input, file, bytes } = context;
  const before = openFrames(input.file, input.source);
  const after = openFrames(file, bytes);
  if (!before.ok || !after.ok) return [blocked('The redacted pixel data can’t be read again.')];
  const { facts } = before.value;
  const now = after.value.facts;
  if (facts.frames !== now.frames || facts.rows !== now.rows || facts.columns !== now.columns) {
    return [blocked('The redacted pixel data has another shape than before.')];
  }
  const findings: Finding[] = [];
  for (let frame = 0; frame < facts.frames && findings.length < 20; frame++) {
    if (input.signal?.aborted === true) break;
    input.onFrame?.(frame, facts.frames);
    const rects = regionsOfFrame(input.regions, frame);
    const stored = await before.value.stored(frame);
    const storedNow = await after.value.stored(frame);
    if (!stored.ok || !storedNow.ok) {
      findings.push(blocked('A frame can’t be read again.', frame));
      continue;
    }
    if (rects.length === 0 && sameCoding(facts.transferSyntax, stored.value, storedNow.value)) continue;
    const a = await before.value.decode(frame);
    const b = await after.value.decode(frame);
    if (!a.ok || !b.ok) findings.push(blocked('A frame can’t be decoded again.', frame));
    else if (!outsideIsEqual(a.value, b.value, touchedRects(facts, stored.value, rects))) {
      findings.push(blocked('Pixels outside the redacted regions changed.', frame));
    } else if (!insideChanged(a.value, b.value, rects)) {
      findings.push(blocked('A marked region is unchanged.', frame));
    }
    for (const decoded of [a, b]) if (decoded.ok) giveBack(decoded.value.data);
  }
  return findings;
}

/** Equal bytes, or equal in all that a decoder reads: comments and what follows the image may have gone. */
function sameCoding(transferSyntax: string, before: Uint8Array, after: Uint8Array): boolean {
  if (equalBytes(before, after)) return true;
  const kind = codestreamOf(transferSyntax);
  const a = essence(before, kind);
  const b = essence(after, kind);
  return (
    a !== null && b !== null && a.length === b.length && a.every((piece, i) => equalBytes(piece, b[i] as Uint8Array))
  );
}

/**
 * What redaction may change: the rectangles; whole pixel pairs where they share their colour; whole blocks of lossy JPEG,
 * and two pixels more where a decoder smooths colour from block to block.
 */
function touchedRects(facts: PixelFacts, stored: Uint8Array, rects: readonly Rect[]): readonly Rect[] {
  const grown = effectiveRects(rects, facts);
  const coefficients = /^1\.2\.840\.10008\.1\.2\.4\.5[0-5]$/.test(facts.transferSyntax);
  const touched = coefficients ? touchedPixels(stored, grown) : null;
  if (touched?.ok !== true) return grown;
  return touched.value.map((r) => ({ x: r.x - 2, y: r.y - 2, width: r.width + 4, height: r.height + 4 }));
}
