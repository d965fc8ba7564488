import { optionOfLetter, optionCode, e11Row, type OptionLetter } from '../../deid/tables/e11';
import { safeElements } from '../../deid/tables/safe-private';
import type { DataSetEdits } from '../../deid/plan';
import type { Profile } from '../../deid/profile';
import { type DicomElement, type ElementPath, type Tag, formatPath, groupOf, isPrivate } from '../../dicom/data-set';
import { isRegisteredUid } from '../../dicom/uids';
import { type Pair, pairElements, stayingItems } from '../pairs';
import type { FindingMessage } from '../messages';
import type { Finding } from '../types';
import { asciiValue, isSampleData } from './shared';
import { isOwnSignature } from './signed';
import type { Check, CheckContext } from './types';

const most = 20;

type Stays = Extract<Pair, { kind: 'stays' }>;

/**
 * What Table E.1-1 forbids is absent, and what it has replaced did not stay. Reads the table itself, not the plan, so that
 * an error in planning does not prove itself right.
 */
export const forbiddenAttributes: Check = {
  name: 'forbidden-attributes',
  proves: 'Attributes that PS3.15 Table E.1-1 removes are absent; those it replaces hold something else.',
  run: (context) => {
    const findings: Finding[] = [];
    inDataSet(context, context.input.file.elements, context.input.plan.dataSet, context.file.elements, [], findings);
    return findings;
  },
};

function inDataSet(
  context: CheckContext,
  input: readonly DicomElement[] | null,
  edits: DataSetEdits | null,
  output: readonly DicomElement[],
  path: ElementPath,
  findings: Finding[],
): void {
  // In the order of the output, one entry for each of its elements; null: it comes from no element of the input.
  const origins: (Stays | null)[] = [];
  if (input !== null) {
    pairElements(input, edits ?? { edits: [], insert: [] }, output, (pair) => {
      if (pair.kind !== 'missing') origins.push(pair.kind === 'stays' ? pair : null);
    });
  }
  for (const [i, element] of output.entries()) {
    if (findings.length >= most) return;
    const origin = origins[i] ?? null;
    // Of the file that comes in a signature stays as little as any other; ours is made anew.
    if (origin === null && isOwnSignature(context, [...path, { tag: element.tag }])) continue;
    const message = problem(context, element, output, origin?.edit.kind === 'keep', path.length);
    if (message !== null) {
      const where = formatPath([...path, { tag: element.tag }]);
      findings.push({ check: 'forbidden-attributes', severity: 'block', message, where });
    }
    if (element.items === undefined) continue;
    const inner =
      origin === null ? [] : stayingItems(origin.input, origin.edit.kind === 'descend' ? origin.edit.items : []);
    for (const [index, item] of element.items.entries()) {
      const was = inner[index];
      const step: ElementPath = [...path, { tag: element.tag, item: index }];
      inDataSet(context, was?.item.elements ?? null, was?.edits ?? null, item.elements, step, findings);
    }
  }
}

function problem(
  context: CheckContext,
  element: DicomElement,
  siblings: readonly DicomElement[],
  kept: boolean,
  depth: number,
): FindingMessage | null {
  const { tag } = element;
  const { profile } = context.input;
  if (isSampleData(element, depth) || overridden(profile, tag)) return null;
  if (isPrivate(tag)) {
    return isSafePrivate(context, element, siblings) ? null : 'A private attribute is still in the output.';
  }
  const row = e11Row(tag);
  if (row === undefined || chosen(profile, row)) return null;
  if (row.basic === 'X') return 'An attribute that the Basic Profile removes is still in the output.';
  if (!kept || row.basic.includes('C') || row.basic.includes('K')) return null;
  if (element.items !== undefined) {
    // A reference sequence may stay with replaced UIDs inside: those are looked at by themselves.
    return null;
  }
  const value = context.file.bytes(element.valueStart, element.valueEnd);
  if (asciiValue(value) === '') return null;
  if (row.basic.includes('U') && asciiValue(value).split('\\').every(isRegisteredUid)) return null;
  return 'An attribute that the Basic Profile empties or replaces still holds its old value.';
}

/** An option of the profile has a cell in this row: it keeps or cleans the attribute. */
function chosen(profile: Profile, row: { readonly options: string }): boolean {
  return (Object.keys(optionOfLetter) as OptionLetter[]).some(
    (letter) => profile.options.includes(optionOfLetter[letter]) && optionCode(row, letter) !== undefined,
  );
}

function overridden(profile: Profile, tag: Tag): boolean {
  if (profile.overrides.length === 0) return false;
  const hex = tag.toString(16).padStart(8, '0').toUpperCase();
  return profile.overrides.some((o) => {
    const pattern = o.tag.toUpperCase();
    return Array.from(pattern).every((digit, i) => digit === 'X' || digit === hex[i]) && pattern.length === 8;
  });
}

/** A creator whose block is used, or an element of Table E.3.10-1 in the block of its creator. */
function isSafePrivate(context: CheckContext, element: DicomElement, siblings: readonly DicomElement[]): boolean {
  if (!context.input.profile.options.includes('retainSafePrivate')) return false;
  const group = groupOf(element.tag);
  const number = element.tag & 0xffff;
  const creatorOf = (block: number): string => {
    const creator = siblings.find((e) => e.tag === ((group << 16) | block) >>> 0);
    return creator === undefined ? '' : asciiValue(context.file.bytes(creator.valueStart, creator.valueEnd)).trim();
  };
  if (number >= 0x10 && number <= 0xff) return safeElements(creatorOf(number), group) !== undefined;
  return safeElements(creatorOf(number >>> 8), group)?.has(number & 0xff) === true;
}
