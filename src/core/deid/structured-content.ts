/** Clean Structured Content (PS3.15 E.3.4): what happens to a content item, by its concept and value type. */
import type { CharacterSet } from '../dicom/character-sets';
import { findElement, type DicomElement, type DicomFile, type DicomItem, type Tag } from '../dicom/data-set';
import { isDefinedTerm } from './beyond-table';
import type { Rule } from './plan';
import { chosenCode, type ProfileRules } from './profile-rules';
import { conceptRow } from './tables/sr-concepts';
import { textOf } from './values-edit';

const CONCEPT_NAME = 0x0040a043;
const VALUE_TYPE = 0x0040a040;
const CODE_VALUE = 0x00080100;
const LONG_CODE_VALUE = 0x00080119;
const SCHEME = 0x00080102;
const REFERENCED_CONTENT_ITEM = 0x0040db73;

/** 'X' the item is dropped, 'D' its value is a dummy, 'C' cleaned or moved, 'K' kept, 'U' its UIDs are mapped. */
export interface ContentAction {
  readonly action: 'X' | 'D' | 'C' | 'K' | 'U';
  readonly rule: Rule;
}

/** Elements that hold the value of a content item (PS3.3 C.17.3.2, C.18), by what they hold. */
const valueTags: ReadonlyMap<Tag, 'text' | 'name' | 'date' | 'uid' | 'number' | 'code'> = new Map([
  [0x0040a160, 'text'],
  [0x0040a123, 'name'],
  [0x0040a120, 'date'],
  [0x0040a121, 'date'],
  [0x0040a122, 'date'],
  [0x0040a124, 'uid'],
  [0x0040a300, 'number'],
  [0x0040a168, 'code'],
]);

/** What people wrote: where the whole content has to be a dummy it goes, whatever type the item says it is of. */
export const isContentText = (tag: Tag): boolean => valueTags.get(tag) === 'text';

export const isContentValue = (tag: Tag): boolean => valueTags.has(tag);

/**
 * The action of an item; undefined when it is no content item. Items whose concept Table E.3.4-1 does not list are judged by
 * value type: names always become dummies, dates follow the date options, text is cleaned, or a dummy where the whole content
 * has to be one (`strict`: Basic Profile, action D on Content Sequence).
 */
export function contentAction(
  file: DicomFile,
  item: DicomItem,
  charset: CharacterSet,
  rules: ProfileRules,
  strict: boolean,
): ContentAction | undefined {
  const typeElement = findElement(item.elements, VALUE_TYPE);
  if (typeElement === undefined) return undefined;
  const valueType = textOf(file, typeElement, 'CS', charset).trim();
  const concept = findElement(item.elements, CONCEPT_NAME)?.items?.[0]?.elements ?? [];
  const text = (element: DicomElement | undefined): string =>
    element === undefined ? '' : textOf(file, element, 'SH', charset).trim();
  const code = text(findElement(concept, CODE_VALUE) ?? findElement(concept, LONG_CODE_VALUE));
  const scheme = text(findElement(concept, SCHEME));
  const row = conceptRow(code, scheme, valueType);
  if (row !== undefined) {
    const { code: cell, option } = chosenCode(row, rules.options);
    // X/D depends on the template, which a file need not name: the dummy never breaks it.
    const action = cell === 'X/D' ? 'D' : cell;
    const source = 'structured-content' as const;
    return {
      action: action as ContentAction['action'],
      rule: option === undefined ? { source, code: cell } : { source, code: cell, option },
    };
  }
  const rule: Rule = { source: 'structured-content' };
  switch (valueType) {
    case 'PNAME':
      return { action: 'D', rule };
    case 'DATE':
    case 'TIME':
    case 'DATETIME':
      return { action: rules.dates === 'keep' ? 'K' : rules.dates === 'shift' ? 'C' : 'D', rule };
    case 'UIDREF':
      return { action: rules.has('retainUids') ? 'K' : 'U', rule };
    case 'TEXT':
      return { action: strict ? 'D' : 'C', rule };
    default:
      // A type that the standard does not have says nothing about what the item holds.
      return { action: strict && !isDefinedTerm(VALUE_TYPE, valueType) ? 'D' : 'C', rule };
  }
}

/**
 * Whether items refer to others by their position in the tree (PS3.3 C.17.3.2.5). Dropping an item would then turn references
 * to others; its value becomes a dummy instead.
 */
export function refersByPosition(elements: readonly DicomElement[]): boolean {
  for (const element of elements) {
    if (element.tag === REFERENCED_CONTENT_ITEM) return true;
    for (const item of element.items ?? []) if (refersByPosition(item.elements)) return true;
  }
  return false;
}
