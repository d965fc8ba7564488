/** The straight line of one plain image: pixels → strip → gate. */
import { partsLength } from '../bytes';
import type { IdentityFacts } from '../deid/context';
import { identityFromPath, mergeIdentity } from '../deid/identity';
import { keyedCode, pseudonym } from '../deid/identifiers';
import type { PlanRow } from '../deid/plan';
import { defaultTemplate, outputPath } from '../export/path-template';
import { noRects, type RemovedPiece } from '../raster';
import type { Failure, Result } from '../result';
import { ok } from '../result';
import { isHeldBack, verifyRaster } from '../verify/gate';
import { failure } from './errors';
import { hashSource } from './hash';
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
  const { kind, file, source, path } = opened;
  const identity = rasterIdentity(path, settings);
  const decision = await decidePixels(opened, settings, identity, detect);
  if (!decision.ok) return decision;
  const { redact, regions } = decision.value;
  const output = await file.write(regionsOfFrame(redact), settings.profile.pixels.style);
  if (!output.ok) return { ...(redact.length === 0 ? refusedPlain(output) : output), regions };
  if (signal?.aborted === true) return failure('cancelled');

  const { parts, removed } = output.value;
  const place = outputPath(settings.pathTemplate ?? defaultTemplate, {
    ...(await rasterNames(opened, settings, identity)),
    modality: 'OT',
    seriesNumber: null,
    instanceNumber: null,
    extension: file.extension,
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
    counts: countPieces(removed),
    size: partsLength(parts),
    pixels: recordOf(decision.value, false),
  });
}

/**
 * Names of a plain image: a folder is its study, the content its instance, both keyed, so that the same set gets the same names
 * and nobody without the key can tell which image it was.
 */
async function rasterNames(
  { source, path }: OpenedRaster,
  { key, profile, pseudonym: given }: ProcessSettings,
  identity: IdentityFacts,
): Promise<{ patient: string; study: string; series: string; instance: string }> {
  const folder = path.split('/').slice(0, -1).join('/');
  return {
    patient: given ?? pseudonym(key, identity.patientKey, profile),
    study: `images-${keyedCode(key, `folder\0${folder}`)}`,
    series: 'images',
    instance: keyedCode(key, `image\0${await hashSource(source)}`, 20),
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

/** What can't be taken apart can't be settled by a look at it: no code that waits for one. */
const refusedPlain = (failed: Failure): Failure =>
  failed.code === 'codec-unsupported' ? failure('unsupported-format', failed.where) : failed;

/** The removed chunks, segments, tags and fields as rows of the tag diff. */
export async function rasterRows(opened: OpenedRaster): Promise<Result<readonly PlanRow[]>> {
  const stripped = await opened.file.write(noRects, 'solid');
  if (!stripped.ok) return refusedPlain(stripped);
  return ok(
    stripped.value.removed.map(({ name, bytes, text }, index) => ({
      // Pieces have no place in a tree; a number tells two of one name apart.
      path: [{ tag: index }],
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
