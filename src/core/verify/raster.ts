/** The gate of plain images: the output holds pixels and what rendering needs, and nothing else. */
import { type ByteSource, type Part } from '../bytes';
import type { IdentityFacts } from '../deid/context';
import type { Profile } from '../deid/profile';
import type { Region } from '../detect/types';
import { touchedPixels } from '../pixels/jpeg';
import type { Rect } from '../pixels/types';
import { type RasterFacts, rasterFacts, storedImage, stripRaster } from '../raster';
import { nameFindings } from './checks/name';
import { equalBytes } from './checks/shared';
import { searchableRanges } from './codestream';
import { SoughtValues } from './needles';
import { outputBytes } from './output';
import { insideChanged, outsideIsEqual, regionsOfFrame } from './pixel-compare';
import type { FindingMessage } from './messages';
import type { Finding } from './types';

export interface RasterGateInput {
  readonly kind: 'png' | 'jpeg';
  readonly source: ByteSource;
  readonly path: string;
  readonly identity: IdentityFacts;
  readonly regions: readonly Region[];
  readonly profile: Profile;
  readonly pixelsChanged: boolean;
}

/** All findings about one PNG or JPEG output; none means that it may leave. */
export async function verifyRaster(
  input: RasterGateInput,
  output: { readonly parts: readonly Part[]; readonly outputPath: string },
): Promise<readonly Finding[]> {
  const bytes = outputBytes(output.parts, input.source);
  const after = await bytes.read(0, bytes.size);
  const stripped = stripRaster(after);
  const facts = rasterFacts(after);
  if (!stripped.ok || !facts.ok || facts.value.kind !== input.kind) {
    return [{ check: 'parses', severity: 'block', message: 'The output can’t be read back to its last byte.' }];
  }
  const findings: Finding[] = [];
  // Stripping what is stripped already changes nothing: so there was nothing left to strip.
  if (!equalBytes(stripped.value.bytes, after)) {
    findings.push({
      check: 'forbidden-attributes',
      severity: 'block',
      message: 'The output still holds something besides its pixels.',
      where: stripped.value.removed[0]?.name ?? 'pixel data',
    });
  }
  const sought = new SoughtValues(() => []);
  sought.addIdentity(input.identity);
  findings.push(...searchIdentity(input.kind, after, sought), ...nameFindings(output.outputPath, sought));
  const redact = input.regions.some((r) => r.action === 'redact');
  if (redact && !input.pixelsChanged) {
    findings.push({ check: 'pixel-policy', severity: 'block', message: 'Marked regions were not redacted.' });
  }
  findings.push(...(await comparePixels(input, after, facts.value)));
  return findings;
}

function searchIdentity(kind: 'png' | 'jpeg', bytes: Uint8Array, sought: SoughtValues): readonly Finding[] {
  const ranges = kind === 'jpeg' ? searchableRanges(bytes, 'jpeg') : pngRanges(bytes);
  const findings: Finding[] = [];
  for (const range of ranges) {
    sought.index.search(bytes, range.start, range.end, (hit) => {
      if (findings.length > 0 || hit.end - hit.start < 5) return;
      findings.push({
        check: 'no-identity',
        severity: 'block',
        message: 'An identifying value is in the output, outside its pixels.',
        where: `byte ${hit.start}`,
      });
    });
  }
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
  after: Uint8Array,
  facts: RasterFacts,
): Promise<readonly Finding[]> {
  const blocked = (message: FindingMessage, frame?: number): Finding => ({
    check: 'pixels-unchanged',
    severity: 'block',
    message,
    ...(frame === undefined ? {} : { where: `frame ${frame + 1}` }),
  });
  const before = await input.source.read(0, input.source.size);
  const was = rasterFacts(before);
  const same = was.ok && was.value.frames === facts.frames && was.value.bits === facts.bits;
  if (!same || was.value.samples !== facts.samples || was.value.palette !== facts.palette) {
    return [blocked('The image has another kind of pixels than before.')];
  }
  if (!input.pixelsChanged) {
    const expected = stripRaster(before);
    return expected.ok && equalBytes(expected.value.bytes, after) ? [] : [blocked('The pixel data changed.')];
  }
  const findings: Finding[] = [];
  for (let frame = 0; frame < facts.frames; frame++) {
    const a = storedImage(before, frame);
    const b = storedImage(after, frame);
    const rects = regionsOfFrame(input.regions, frame);
    if (!a.ok || !b.ok || a.value.x !== b.value.x || a.value.y !== b.value.y) {
      findings.push(blocked('The redacted image can’t be decoded again.', frame));
      continue;
    }
    const { x, y } = a.value;
    const touched = touchedRects(input.kind, before, rects);
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

/** JPEG changes whole blocks, and where colour is smoothed between blocks decoding carries the change a pixel further. */
function touchedRects(kind: 'png' | 'jpeg', bytes: Uint8Array, rects: readonly Rect[]): readonly Rect[] {
  if (kind === 'png') return rects;
  const touched = touchedPixels(bytes, rects);
  if (!touched.ok) return rects;
  return touched.value.map((r) => ({ x: r.x - 2, y: r.y - 2, width: r.width + 4, height: r.height + 4 }));
}
