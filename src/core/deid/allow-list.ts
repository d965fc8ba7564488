/**
 * Allow-list mode (profile "maximum"): besides what Table E.1-1 takes away, only what display, geometry and conformance need
 * stays, and of free text nothing. It answers text in attributes that the table does not list.
 */
import type { DicomElement, DicomFile, Tag } from '../dicom/data-set';
import { REMOVE, type Decision, type Scope } from './decision';
import type { Rule } from './plan';
import { dummied, emptied, replacedByText, textOf } from './values-edit';
import { fold } from './fold';
import { iodOf } from './tables/types';
import { isVocabulary } from './vocabulary';

/** Whole groups that hold pixels and how to show them, segmentation, surfaces, geometry of RT, waveforms, presentation. */
const groups: ReadonlySet<number> = new Set([
  0x0022, 0x0028, 0x0048, 0x0054, 0x0062, 0x0066, 0x0070, 0x0072, 0x3002, 0x3004, 0x3006, 0x5200, 0x5400, 0x7fe0,
]);

const singles: ReadonlySet<Tag> = new Set([
  0x00080005, 0x00080008, 0x00080016, 0x00080018, 0x00080060, 0x00080064, 0x00080068, 0x00081140, 0x00081150, 0x00081155,
  0x00081160, 0x00081115, 0x00081199, 0x00082112, 0x00089205, 0x00089206, 0x00089207, 0x00089208, 0x00089209, 0x00082218,
  0x00082228, 0x00100010, 0x00100020, 0x00180015, 0x00180040, 0x00180050, 0x00180060, 0x00180088, 0x00181063, 0x00181065,
  0x00181066, 0x00181100, 0x00181110, 0x00181111, 0x00181114, 0x00181120, 0x00181151, 0x00181164, 0x00181242, 0x00181243,
  0x00181244, 0x00181510, 0x00181511, 0x00185100, 0x00185101, 0x00186011, 0x00186012, 0x00186014, 0x00186016, 0x00186018,
  0x0018601a, 0x0018601c, 0x0018601e, 0x00186020, 0x00186022, 0x00186024, 0x00186026, 0x00186028, 0x0018602a, 0x0018602c,
  0x0018602e, 0x0020000d, 0x0020000e, 0x00200011, 0x00200012, 0x00200013, 0x00200020, 0x00200032, 0x00200037, 0x00200052,
  0x00200060, 0x00200062, 0x00200105, 0x00201002, 0x00201041, 0x00209056, 0x00209057, 0x00209111, 0x00209113, 0x00209116,
  0x00209128, 0x00209156, 0x00209157, 0x00209161, 0x00209162, 0x00209163, 0x00209164, 0x00209165, 0x00209167, 0x00209221,
  0x00209222, 0x00209228, 0x00209301, 0x00209302, 0x00209308, 0x00209309, 0x0020930a, 0x00209311, 0x00209312, 0x0040a040,
  0x0040a043, 0x0040a050, 0x0040a010, 0x0040a168, 0x0040a300, 0x0040a30a, 0x0040a504, 0x0040a730, 0x004008ea, 0x00409094,
  0x00409096, 0x00409210, 0x00409211, 0x00409212, 0x00409216, 0x00409224, 0x00409225, 0x0040db00, 0x0040db73, 0x00080100,
  0x00080102, 0x00080104, 0x00189004, 0x2050_0020, 0x300a_012c,
]); // prettier-ignore

/** Whether the attribute may stay at all, and if the IOD needs it, of which Type it is. */
export function allowance(
  tag: Tag,
  depth: number,
  sopClass: string,
): { readonly allowed: boolean; readonly type: string } {
  const found = depth === 0 ? (iodOf(sopClass)?.types.get(tag) ?? '3') : '3';
  const type = found === '3' ? '' : found;
  return { allowed: depth > 0 || type !== '' || singles.has(tag) || groups.has(tag >>> 16), type };
}

/** Code strings that people and protocols fill in at will; the terms of all others are the standard's. */
const openCodes: ReadonlySet<Tag> = new Set([
  0x00080008, // Image Type
  0x00089007, // Frame Type
  0x00180015, // Body Part Examined
  0x00180020, // Scanning Sequence
  0x00180021, // Sequence Variant
  0x00180022, // Scan Options
  0x00180024,
  0x00181400,
  0x00185101, // View Position
  0x00189071,
  0x00620022,
]);

export const isOpenCode = (tag: Tag): boolean => openCodes.has(tag);

/** Text attributes whose values the standard defines: Rescale Type, Units, Presentation LUT and the like. */
export function isDefinedText(tag: Tag, value: string): boolean {
  return tag === 0x00281054 && /^(?:HU|HU_MOD|OD|US|MGML|Z_EFF|ED|EDW|PCT|NONE)$/.test(value.trim());
}

/** A code string made of known words only: 'ORIGINAL', 'HFS', 'MONOCHROME2'; a name typed into it is none. */
export function isKnownCode(value: string): boolean {
  if (!/^[A-Z0-9_ ]*$/.test(value)) return false;
  return value.split(/[^A-Z]+/).every((word) => word.length <= 3 || isVocabulary(fold(word)));
}

/** Allow-list mode: of what the other rules keep, only what is needed; no free text at all. */
export function restrict(
  file: DicomFile,
  element: DicomElement,
  vr: string,
  scope: Scope,
  decision: Decision,
  sopClass: string,
): Decision {
  const { tag } = element;
  const rule: Rule = { source: 'allow-list' };
  if (decision.edit.kind === 'remove' || decision.rule.source === 'override') return decision;
  const depth = scope.sequences.length;
  const { allowed, type } = allowance(tag, depth, sopClass);
  if (!allowed) return { action: 'X', rule, edit: REMOVE };
  if (decision.edit.kind !== 'keep') return decision;
  if (element.valueEnd === element.valueStart || element.items !== undefined) return decision;
  if (vr === 'CS') {
    const values = textOf(file, element, vr, scope.charset).split('\\');
    if (!isOpenCode(tag) || values.every((v) => isKnownCode(v.trim()))) return decision;
    const kept = values.map((v) => (isKnownCode(v.trim()) ? v : 'ANONYMIZED'));
    return { action: 'D', rule, edit: replacedByText(element, kept.join('\\'), vr) };
  }
  if (!isFreeText(vr) || tag === 0x00080005) return decision;
  if (isCodeOfStandard(tag) || isDefinedText(tag, textOf(file, element, vr, scope.charset))) return decision;
  if (depth === 0 && type.startsWith('2')) return { action: 'Z', rule, edit: emptied(element) };
  if (depth === 0 && !type.startsWith('1')) return { action: 'X', rule, edit: REMOVE };
  return { action: 'D', rule, edit: dummied(element, vr) };
}

const isFreeText = (vr: string): boolean =>
  vr === 'LO' ||
  vr === 'SH' ||
  vr === 'ST' ||
  vr === 'LT' ||
  vr === 'UT' ||
  vr === 'UC' ||
  vr === 'PN' ||
  vr === 'AE' ||
  vr === 'UR';
/** Code values and designators carry the meaning in allow-list mode; Code Meaning is free text. */
const isCodeOfStandard = (tag: Tag): boolean => tag === 0x00080100 || tag === 0x00080102;
