/** The straight line of one plain image: pixels → strip → gate. */
import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex } from '@noble/hashes/utils.js';
import type { IdentityFacts } from '../deid/context';
import { identityFromPath, mergeIdentity } from '../deid/identity';
import { keyedCode, pseudonym } from '../deid/identifiers';
import type { PlanRow } from '../deid/plan';
import { defaultTemplate, outputPath } from '../export/path-template';
import { redactRaster, stripRaster } from '../raster';
import type { RemovedPiece } from '../raster';
import type { Result } from '../result';
import { ok } from '../result';
import { isHeldBack, verifyRaster } from '../verify/gate';
import { failure } from './errors';
import type { OpenedRaster } from './open';
import { decidePixels, type Detect } from './pixel-decision';
import { heldBack, recordOf, regionsOfFrame } from './process-dicom';
import type { Held, ProcessedInstance, ProcessSettings } from './types';

export function rasterIdentity(path: string, settings: Pick<ProcessSettings, 'identity'>): IdentityFacts {
  const own = identityFromPath(path);
  return settings.identity === undefined ? own : mergeIdentity(settings.identity, own);
}

export async function processRaster(
  opened: OpenedRaster,
  settings: ProcessSettings,
  detect: Detect,
  signal?: AbortSignal,
): Promise<{ readonly ok: true; readonly value: ProcessedInstance } | Held> {
  const { kind, bytes, source, path } = opened;
  const stripped = stripRaster(bytes);
  // What can't even be taken apart can't be settled by a look at it.
  if (!stripped.ok)
    return stripped.code === 'codec-unsupported' ? failure('unsupported-format', stripped.where) : stripped;
  const identity = rasterIdentity(path, settings);
  const decision = await decidePixels(opened, settings, identity, detect);
  if (!decision.ok) return decision;
  const { redact, regions } = decision.value;
  const output =
    redact.length === 0
      ? ok(stripped.value.bytes)
      : await redactRaster(bytes, regionsOfFrame(redact), settings.profile.pixels.style);
  if (!output.ok) return { ...output, regions };
  if (signal?.aborted === true) return failure('cancelled');

  const parts = [output.value];
  const place = outputPath(settings.pathTemplate ?? defaultTemplate, {
    ...rasterNames(opened, settings, identity),
    modality: 'OT',
    seriesNumber: null,
    instanceNumber: null,
    extension: kind === 'png' ? '.png' : '.jpg',
  });
  const findings = await verifyRaster(
    { kind, source, path, identity, regions, profile: settings.profile, pixelsChanged: redact.length > 0 },
    { parts, outputPath: place },
  );
  if (isHeldBack(findings, settings.accepted)) return { ...heldBack(findings), findings, regions };
  return ok({
    parts,
    kind,
    outputPath: place,
    regions,
    findings,
    counts: countPieces(stripped.value.removed),
    size: output.value.byteLength,
    pixels: recordOf(decision.value, false),
  });
}

/**
 * Names of a plain image: a folder is its study, the content its instance, both keyed, so that the same set gets the same names
 * and nobody without the key can tell which image it was.
 */
function rasterNames(
  { bytes, path }: OpenedRaster,
  { key, profile, pseudonym: given }: ProcessSettings,
  identity: IdentityFacts,
): { patient: string; study: string; series: string; instance: string } {
  const folder = path.split('/').slice(0, -1).join('/');
  return {
    patient: given ?? pseudonym(key, identity.patientKey, profile),
    study: `images-${keyedCode(key, `folder\0${folder}`)}`,
    series: 'images',
    instance: keyedCode(key, `image\0${bytesToHex(sha256(bytes))}`, 20),
  };
}

function countPieces(removed: readonly RemovedPiece[]): Record<string, number> {
  const counts: Record<string, number> = {};
  // Names of chunks that a stranger made up are not copied into the record.
  for (const { name } of removed) {
    const rule = /^[A-Za-z0-9 ]{1,24}$/.test(name) ? `${name}:X` : 'other:X';
    counts[rule] = (counts[rule] ?? 0) + 1;
  }
  return counts;
}

/** The removed chunks and segments as rows of the tag diff. */
export function rasterRows(opened: OpenedRaster): Result<readonly PlanRow[]> {
  const stripped = stripRaster(opened.bytes);
  if (!stripped.ok) return stripped;
  return ok(
    stripped.value.removed.map(({ name, bytes, text }) => ({
      path: [],
      tag: 0,
      vr: '',
      keyword: name,
      name,
      action: 'X',
      rule: { source: 'allow-list' },
      depth: 0,
      before: text ?? `${bytes} bytes`,
      changed: true,
    })),
  );
}
