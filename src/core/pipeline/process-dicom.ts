/** The straight line of one DICOM Instance: plan → pixels → write → gate. */
import { partsLength, type ByteSource, type Part } from '../bytes';
import type { PixelRecord } from '../audit/outcome';
import { collectIdentity, mergeIdentity } from '../deid/identity';
import type { IdentityFacts } from '../deid/context';
import { keepsOverlays } from '../deid/keeps-overlays';
import { makePlan } from '../deid/make-plan';
import type { NewElement, Plan } from '../deid/plan';
import type { Region } from '../detect/types';
import { writeDicom } from '../dicom/write';
import { outputPath, defaultTemplate } from '../export/path-template';
import { pixelFacts } from '../pixels/facts';
import { redactedOverlays } from '../pixels/overlays';
import { effectiveRects } from '../pixels/redact';
import { cleanFrames, redactPixelData, type PixelEdit } from '../pixels/write-back';
import type { Rect } from '../pixels/types';
import type { Failure, Result } from '../result';
import { ok } from '../result';
import { NewData, ScratchFull, type ScratchStore } from '../scratch';
import { isHeldBack, verifyDicom } from '../verify/gate';
import type { Finding } from '../verify/types';
import { failure } from './errors';
import type { HashFactory } from './hash';
import type { OpenedDicom } from './open';
import { decidePixels, type Detect, type PixelDecision } from './pixel-decision';
import { refusalOf } from './refuse';
import { integer, text } from './summary';
import type { Held, ProcessedInstance, ProcessSettings } from './types';

type Processed = { readonly ok: true; readonly value: ProcessedInstance } | Held;

/** Everything known of this file's patient: the session's facts and its own. */
export function identityOf({ file, path }: OpenedDicom, settings: Pick<ProcessSettings, 'identity'>): IdentityFacts {
  const own = collectIdentity(file, path);
  return settings.identity === undefined ? own : mergeIdentity(settings.identity, own);
}

interface PlanExtras {
  readonly edit?: PixelEdit | null | undefined;
  readonly regionsRedacted?: boolean | undefined;
  readonly vault?: NewElement | undefined;
}

export function planOf(
  opened: OpenedDicom,
  settings: ProcessSettings,
  identity: IdentityFacts,
  { edit, regionsRedacted, vault }: PlanExtras = {},
): Plan {
  return makePlan(
    opened.file,
    settings.profile,
    {
      key: settings.key,
      identity,
      ...(settings.pseudonym !== undefined && { pseudonym: settings.pseudonym }),
    },
    {
      ...(regionsRedacted !== undefined && { regionsRedacted }),
      ...(edit !== undefined && edit !== null && { pixelChanges: edit.changes, removeTags: edit.removeTags }),
      ...(vault !== undefined && { vault }),
    },
  );
}

/** The plan with what it takes away sealed into it, where the profile wants that. The sealing is the only step that waits. */
export async function sealedPlan(
  opened: OpenedDicom,
  settings: ProcessSettings,
  identity: IdentityFacts,
  edit?: PixelEdit | null,
  regionsRedacted?: boolean,
): Promise<Result<Plan>> {
  const plan = planOf(opened, settings, identity, { edit, regionsRedacted });
  const { vault } = settings.profile;
  if (vault === undefined) return ok(plan);
  const { sealVault } = await import('../vault/seal');
  const sealed = await sealVault(opened.file, plan, vault);
  if (!sealed.ok) return sealed;
  return ok(
    sealed.value === null ? plan : planOf(opened, settings, identity, { edit, regionsRedacted, vault: sealed.value }),
  );
}

export interface DicomWork {
  readonly signal?: AbortSignal | undefined;
  /** Told after every frame, written and checked alike: work on a large file is no silence. */
  readonly onFrame?: ((done: number, total: number) => void) | undefined;
  /** Where new pixel data goes that memory is not to hold. */
  readonly scratch?: ScratchStore | undefined;
  readonly hash?: HashFactory | undefined;
}

/** What is spilled belongs to whoever gets the result, and is gone when there is none. */
export async function processDicom(
  opened: OpenedDicom,
  settings: ProcessSettings,
  detect: Detect,
  work: DicomWork = {},
): Promise<Processed> {
  const newData = new NewData(opened.source, work.scratch);
  let processed: Processed | undefined;
  try {
    processed = await inLine(opened, settings, detect, work, newData);
    if (!processed.ok) return processed;
    const scratch = await newData.seal();
    return scratch === undefined ? processed : ok({ ...processed.value, scratch });
  } catch (error) {
    processed = undefined;
    if (error instanceof ScratchFull) return error.failure;
    throw error;
  } finally {
    if (processed?.ok !== true) await newData.discard();
  }
}

async function inLine(
  opened: OpenedDicom,
  settings: ProcessSettings,
  detect: Detect,
  work: DicomWork,
  newData: NewData,
): Promise<Processed> {
  const { signal } = work;
  const refused = refusalOf(opened.file);
  if (refused !== null) return refused;

  const identity = identityOf(opened, settings);
  const decision = await decidePixels(opened, settings, identity, detect);
  if (!decision.ok) return decision;
  const edit = await editPixels(opened, settings, decision.value, work, newData);
  if (!edit.ok) return { ...edit, regions: decision.value.regions };
  if (isAborted(signal)) return failure('cancelled');

  const planned = await sealedPlan(opened, settings, identity, edit.value, decision.value.redact.length > 0);
  if (!planned.ok) return planned;
  const written = await writeOutput(opened, planned.value, edit.value, settings, newData.source, work.hash);
  if (!written.ok) return { ...written, regions: decision.value.regions };
  const { plan, parts } = written.value;
  const path = outputPath(settings.pathTemplate ?? defaultTemplate, {
    patient: plan.identity.patientId,
    study: plan.identity.studyUid,
    series: plan.identity.seriesUid,
    instance: plan.identity.sopUid,
    modality: text(opened.file, 0x00080060),
    seriesNumber: integer(opened.file, 0x00200011),
    instanceNumber: integer(opened.file, 0x00200013),
    extension: '.dcm',
  });
  const findings = await verifyDicom(
    {
      file: opened.file,
      source: newData.source,
      path: opened.path,
      identity,
      plan,
      regions: decision.value.regions,
      profile: settings.profile,
      pixelsChanged: edit.value !== null,
      signedBy: settings.signer?.certificate,
      onFrame: work.onFrame,
      signal,
    },
    { parts, outputPath: path },
  );
  // An abort leaves the gate before it has seen everything.
  if (isAborted(signal)) return failure('cancelled');
  const { regions } = decision.value;
  if (isHeldBack(findings, settings.accepted)) return { ...heldBack(findings), findings, regions };
  return ok({
    parts,
    kind: 'dicom',
    outputPath: path,
    regions,
    findings,
    counts: plan.counts,
    size: partsLength(parts),
    pixels: recordOf(decision.value, edit.value !== null),
  });
}

interface Written {
  readonly plan: Plan;
  readonly parts: readonly Part[];
}

/** The output; where it is signed it is written twice, since what is signed is what was written, read back. */
async function writeOutput(
  { file }: OpenedDicom,
  plan: Plan,
  edit: PixelEdit | null,
  { signer }: ProcessSettings,
  source: ByteSource,
  hash: HashFactory | undefined,
): Promise<Result<Written>> {
  const parts = writeDicom(file, plan, edit?.replacement);
  if (signer === undefined) return ok({ plan, parts });
  const { signOutput } = await import('./sign-output');
  const signature = await signOutput(file, parts, source, signer, hash);
  if (!signature.ok) return signature;
  const insert = [...plan.dataSet.insert, ...signature.value];
  const withSignature = { ...plan, dataSet: { ...plan.dataSet, insert } };
  return ok({ plan: withSignature, parts: writeDicom(file, withSignature, edit?.replacement) });
}

/** Asked anew after every step: an abort may come at any time. */
const isAborted = (signal: AbortSignal | undefined): boolean => signal?.aborted === true;

/** Why the gate holds an output back: for good, or until a person has looked at findings that can be accepted. */
export function heldBack(findings: readonly Finding[]): Failure {
  const block = findings.find((f) => f.severity === 'block');
  if (block !== undefined) return failure('gate-blocked', block.where);
  return failure('needs-review', findings.find((f) => f.severity === 'overridable')?.where);
}

export function recordOf(decision: PixelDecision, changed: boolean): PixelRecord {
  return {
    check: decision.check,
    risk: decision.risk,
    redacted: decision.redact.length,
    kept: decision.regions.length - decision.redact.length,
    ...(changed && decision.redact.length === 0 && { framesCleaned: true }),
  };
}

/** Redacts what was decided; where nothing is to go, what hides inside compressed frames (comments, tails) still goes. */
async function editPixels(
  { file, source }: OpenedDicom,
  { profile }: ProcessSettings,
  decision: PixelDecision,
  { signal, onFrame }: DicomWork,
  newData: NewData,
): Promise<Result<PixelEdit | null>> {
  const options = {
    newData,
    keepUnusedBits: keepsOverlays(profile),
    ...(signal !== undefined && { signal }),
    ...(onFrame !== undefined && { onFrame }),
  };
  if (decision.redact.length === 0) return cleanFrames(file, source, options);
  const regionsOf = regionsOfFrame(decision.redact);
  const edit = await redactPixelData(file, source, regionsOf, profile.pixels.style, options);
  const facts = pixelFacts(file);
  if (!edit.ok || edit.value === null || !keepsOverlays(profile) || !facts.ok || facts.value === null) return edit;
  // What lay over the text goes with it.
  const { value: known } = facts;
  const overlays = await redactedOverlays(file, source, known, (frame) => effectiveRects(regionsOf(frame), known));
  if (!overlays.ok) return overlays;
  return ok({ ...edit.value, changes: [...edit.value.changes, ...overlays.value] });
}

/** Rectangles of a frame: those of all frames and its own. */
export function regionsOfFrame(regions: readonly Region[]): (frame: number) => readonly Rect[] {
  return (frame) => regions.filter((r) => r.action === 'redact' && (r.frame === 'all' || r.frame === frame));
}
