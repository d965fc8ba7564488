/**
 * The gate: nothing leaves unproven (docs/gate). It looks at the final bytes only, parses them anew, and lets every check
 * look at input, plan and output side by side.
 */
import type { IdentityFacts } from '../deid/context';
import { findElement, type DicomFile } from '../dicom/data-set';
import { parseDicom } from '../dicom/parse';
import { isPixelTag } from '../dicom/reader';
import { uidValue } from '../dicom/values';
import { checks } from './checks';
import type { GateInput, GateOutput } from './checks/types';
import { declared, encoderOf } from './encoder';
import { SoughtValues, type Encoder } from './needles';
import { eachOriginal } from './originals';
import { outputBytes } from './output';
import type { Finding } from './types';

export type { GateInput, GateOutput } from './checks/types';
export { verifyRaster, type RasterGateInput } from './raster';

const MEDIA_SOP_INSTANCE = 0x00020003;

/** Outputs up to this size are parsed from one piece in memory; of larger ones pixel data is left where it is. */
const wholeFileBytes = 64 * 1024;

/**
 * All findings about one DICOM output; none means that it may leave. Reads at most the header and what compressed frames
 * hold besides samples; a range of the source that is passed on untouched is not read.
 */
export async function verifyDicom(input: GateInput, output: GateOutput): Promise<readonly Finding[]> {
  const { file } = input;
  const loaded = file.deflated
    ? undefined
    : (start: number, end: number) => (file.isLoaded(start, end) ? file.bytes(start, end) : null);
  const bytes = outputBytes(output.parts, input.source, loaded);
  const firstPiece = bytes.placeOf(file.elements.find((e) => isPixelTag(e.tag))?.valueStart);
  const parsed = await parseDicom(bytes, { wholeFileBytes, ...(firstPiece !== undefined && { firstPiece }) });
  if (!parsed.ok) {
    return [
      {
        check: 'parses',
        severity: 'block',
        message: 'The output can’t be read back to its last byte.',
        ...(parsed.where === undefined ? {} : { where: parsed.where }),
      },
    ];
  }
  const context = {
    input,
    output,
    file: parsed.value,
    bytes,
    sought: soughtValues(input, parsed.value),
    ...(input.signedBy !== undefined && { random: (await import('../signature/random')).randomRanges(input.signedBy) }),
  };
  const findings: Finding[] = [];
  try {
    for (const check of checks) {
      const found = check.run(context);
      findings.push(...(found instanceof Promise ? await found : found));
    }
  } finally {
    context.sought.index.release();
  }
  return findings;
}

/** What must not be found: the patient's identity, and every text that the plan takes away. */
export function soughtValues(input: GateInput, output: DicomFile): SoughtValues {
  const set = declared(input.file);
  const encode = encoderOf(set, declared(output));
  const sought = new SoughtValues(encode, soughtIdentity(input.identity, encode));
  // The instance is named in the file meta information too, perhaps there alone.
  const media = findElement(input.file.meta, MEDIA_SOP_INSTANCE);
  if (media !== undefined) sought.addOriginal(uidValue(input.file, media));
  const compressed = output.elements.some((e) => e.fragments !== undefined);
  eachOriginal(input.file, set, input.file.elements, input.plan.dataSet, compressed, (text, vr) =>
    vr === 'PN' ? sought.addName(text) : sought.addOriginal(text),
  );
  return sought;
}

/** All files of a patient are searched for the same identity. */
const identities = new WeakMap<IdentityFacts, Map<Encoder, SoughtValues>>();

function soughtIdentity(identity: IdentityFacts, encode: Encoder): SoughtValues {
  let known = identities.get(identity);
  if (known === undefined) {
    known = new Map();
    identities.set(identity, known);
  }
  let sought = known.get(encode);
  if (sought === undefined) {
    sought = new SoughtValues(encode);
    sought.addIdentity(identity);
    known.set(encode, sought);
  }
  return sought;
}

/** Whether findings hold an output back: any that blocks, or an overridable one that nobody accepted. */
export function isHeldBack(
  findings: readonly Finding[],
  accepted: readonly { readonly check: string; readonly where?: string }[] = [],
): boolean {
  return findings.some(
    (f) =>
      f.severity === 'block' ||
      (f.severity === 'overridable' && !accepted.some((a) => a.check === f.check && (a.where ?? f.where) === f.where)),
  );
}
