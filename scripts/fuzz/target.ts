/** What every damaged file must hold to: it is refused with a code, or understood so well that it can be written back. */
import { isSourceRange, bytesSource, type Part } from '../../src/core/bytes';
import { collectIdentity, mergeIdentity } from '../../src/core/deid/identity';
import { makePlan } from '../../src/core/deid/make-plan';
import { basicProfile } from '../../src/core/deid/profile';
import { refusalOf } from '../../src/core/deid/refusals';
import type { DicomElement, DicomFile } from '../../src/core/dicom/data-set';
import { parseDicom, parseDicomBytes } from '../../src/core/dicom/parse';
import { characterSetOf, fileCharacterSet, numberValues, printable, stringValues } from '../../src/core/dicom/values';
import { keepAll, keptMeta, writeDicom } from '../../src/core/dicom/write';
import type { CharacterSet } from '../../src/core/dicom/character-sets';
import { holdsIrregularHeader } from '../../src/core/dicom/write-plan';
import { isHeldBack, verifyDicom } from '../../src/core/verify/gate';

export interface Outcome {
  readonly end: 'refused' | 'parsed' | 'held' | 'exported';
  /** What is wrong with Lethe, in a word or two; absent when all is well. */
  readonly defect?: string;
  /** The planted value that was found in the output. */
  readonly leak?: string;
}

function join(parts: readonly Part[], source: Uint8Array): Uint8Array {
  return Uint8Array.from(Buffer.concat(parts.map((p) => (isSourceRange(p) ? source.subarray(p.start, p.end) : p))));
}

function readAll(file: DicomFile, elements: readonly DicomElement[], charset: CharacterSet): void {
  for (const element of elements) {
    printable(file, element, charset);
    stringValues(file, element, charset);
    numberValues(file, element);
    for (const item of element.items ?? []) readAll(file, item.elements, characterSetOf(file, item.elements, charset));
  }
}

const outline = (elements: readonly DicomElement[]): unknown[] =>
  elements.map((e) => [e.tag, e.vr, e.start, e.end, e.items?.map((i) => outline(i.elements)), e.fragments?.length]);

/** Parser, values and writer alone. */
export async function parseTarget(bytes: Uint8Array): Promise<Outcome & { file?: DicomFile }> {
  const result = parseDicomBytes(bytes);
  const pieces = await parseDicom(bytesSource(bytes), { wholeFileBytes: 0 });
  if (result.ok !== pieces.ok) {
    return {
      end: 'refused',
      defect: `whole ${result.ok ? 'ok' : result.code}, in pieces ${pieces.ok ? 'ok' : pieces.code}`,
    };
  }
  if (!result.ok || !pieces.ok) return { end: 'refused' };
  const file = result.value;
  if (JSON.stringify(outline(file.elements)) !== JSON.stringify(outline(pieces.value.elements))) {
    return { end: 'parsed', defect: 'read differently in pieces' };
  }
  readAll(file, file.elements, fileCharacterSet(file));
  const again = parseDicomBytes(
    join(writeDicom(file, { dataSet: keepAll(file.elements), meta: keptMeta(file) }), bytes),
  );
  if (!again.ok) return { end: 'parsed', defect: `written back it is ${again.code} ${again.where ?? ''}` };
  const exact =
    !file.warnings.some((w) => w.code === 'missing-delimiter' || w.code === 'wrong-transfer-syntax') &&
    !file.elements.some((e) => holdsIrregularHeader(file, e, file.encoding));
  if (exact) {
    const before = file.bytes(file.dataSetStart, file.elements.at(-1)?.end ?? file.dataSetStart);
    const after = again.value.bytes(again.value.dataSetStart, again.value.size);
    if (Buffer.compare(before, after) !== 0) return { end: 'parsed', defect: 'written back it differs' };
  }
  return { end: 'parsed', file };
}

const key = new Uint8Array(32).fill(7);

/** Positions of planted text in bytes outside the pixel values, in the encodings in which text is written. */
export function findPlanted(bytes: Uint8Array, planted: readonly string[]): string | undefined {
  const parsed = parseDicomBytes(bytes);
  if (!parsed.ok) return 'output does not parse';
  const { value: file } = parsed;
  const header = Buffer.concat([
    bytes.subarray(0, file.dataSetStart),
    ...file.elements.filter((e) => e.tag >>> 16 !== 0x7fe0).map((e) => file.bytes(e.start, e.end)),
  ]);
  for (const text of planted) {
    for (const encoding of ['utf8', 'latin1', 'utf16le'] as const) {
      const wanted = Buffer.from(text, encoding);
      // what Latin-1 cannot write would be searched as question marks
      if (encoding === 'latin1' && wanted.toString('latin1') !== text) continue;
      if (header.includes(wanted)) return text;
    }
  }
  return undefined;
}

/** The whole way of a header: plan, write, gate; `original` is the file before it was damaged: its patient is known by then. */
export async function engineTarget(
  bytes: Uint8Array,
  file: DicomFile,
  original: DicomFile,
  planted: readonly string[],
): Promise<Outcome> {
  if (refusalOf(file) !== null) return { end: 'refused' };
  const path = 'fuzz/1.dcm';
  const identity = mergeIdentity(collectIdentity(original, path), collectIdentity(file, path));
  const plan = makePlan(file, basicProfile, { key, identity });
  const parts = writeDicom(file, plan);
  plan.rows();
  const source = bytesSource(bytes);
  const findings = await verifyDicom(
    { file, source, path, identity, plan, regions: [], profile: basicProfile, pixelsChanged: false },
    { parts, outputPath: 'p/s/s/i.dcm' },
  );
  if (isHeldBack(findings)) return { end: 'held' };
  const leak = findPlanted(join(parts, bytes), planted);
  return leak === undefined ? { end: 'exported' } : { end: 'exported', defect: `leaks ${leak}`, leak };
}
