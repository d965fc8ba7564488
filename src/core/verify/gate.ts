/**
 * The gate: nothing leaves unproven (docs/gate). It looks at the final bytes only, parses them anew, and lets every check
 * look at input, plan and output side by side.
 */
import type { DicomFile } from '../dicom/data-set';
import { parseDicom } from '../dicom/parse';
import { checks } from './checks';
import type { GateInput, GateOutput } from './checks/types';
import { declared, encoderOf } from './encoder';
import { SoughtValues } from './needles';
import { eachOriginal } from './originals';
import { outputBytes } from './output';
import type { Finding } from './types';

export type { GateInput, GateOutput } from './checks/types';
export { verifyRaster, type RasterGateInput } from './raster';

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
  const parsed = await parseDicom(bytes, { wholeFileBytes });
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
  const context = { input, output, file: parsed.value, bytes, sought: soughtValues(input, parsed.value) };
  const findings: Finding[] = [];
  for (const check of checks) {
    const found = check.run(context);
    findings.push(...(found instanceof Promise ? await found : found));
  }
  return findings;
}

/** What must not be found: the patient's identity, and every text that the plan takes away. */
export function soughtValues(input: GateInput, output: DicomFile): SoughtValues {
  const sought = new SoughtValues(encoderOf(input.file, output));
  sought.addIdentity(input.identity);
  const compressed = output.elements.some((e) => e.fragments !== undefined);
  eachOriginal(input.file, declared(input.file), input.file.elements, input.plan.dataSet, compressed, (text, vr) =>
    vr === 'PN' ? sought.addName(text) : sought.addOriginal(text),
  );
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
