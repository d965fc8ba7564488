/** What stays of a file's quasi-identifiers and sensitive attributes under a plan: what somebody who gets the output will see. */
import { findElement, type DicomElement, type DicomFile, type Tag } from '../dicom/data-set';
import type { CharacterSet } from '../dicom/character-sets';
import { fileCharacterSet } from '../dicom/values';
import type { DataSetEdits, Edit, Plan } from './plan';
import { quasiIdentifiers, sensitiveAttributes, type QuasiName, type SensitiveName } from './quasi-identifiers';
import { textOf } from './values-edit';

const CODE_VALUE = 0x00080100;
const MEANING = 0x00080104;

export interface RetainedValues {
  /** Quasi-identifiers of which something stays; several attributes of one are joined by a backslash. */
  readonly values: Readonly<Partial<Record<QuasiName, string>>>;
  readonly sensitive: Readonly<Partial<Record<SensitiveName, string>>>;
}

/** The values of a file after its plan, in their own words. Pure; reads no pixel data. */
export function retainedValues(file: DicomFile, plan: Pick<Plan, 'dataSet'>): RetainedValues {
  const charset = fileCharacterSet(file);
  const read = (tag: Tag): string => topLevel(file, plan.dataSet, tag, charset);
  const values: Partial<Record<QuasiName, string>> = {};
  for (const { name, tags } of quasiIdentifiers) {
    const parts = tags.map(read);
    if (parts.some((p) => p !== '')) values[name] = parts.join('\\');
  }
  const sensitive: Partial<Record<SensitiveName, string>> = {};
  for (const { name, tags } of sensitiveAttributes) {
    const value = tags.map(read).find((v) => v !== '');
    if (value !== undefined) sensitive[name] = value;
  }
  return { values, sensitive };
}

function topLevel(file: DicomFile, { edits, insert }: DataSetEdits, tag: Tag, charset: CharacterSet): string {
  const added = insert.find((e) => e.tag === tag);
  if (added?.value !== undefined) return charset.decode(added.value).replace(/[\0 ]+$/, '');
  const element = findElement(file.elements, tag);
  if (element === undefined) return '';
  return valueOf(file, element, edits[file.elements.indexOf(element)] ?? { kind: 'remove' }, charset);
}

function valueOf(file: DicomFile, element: DicomElement, edit: Edit, charset: CharacterSet): string {
  switch (edit.kind) {
    case 'remove':
      return '';
    case 'replace':
      return charset.decode(edit.value).replace(/\0/g, '').trim();
    case 'keep':
      return element.items === undefined
        ? textOf(file, element, element.vr, charset).trim()
        : itemValue(file, element, undefined, charset);
    case 'descend':
      return itemValue(file, element, edit.items, charset);
  }
}

/** Code Value of the first item that stays, else its Code Meaning. */
function itemValue(
  file: DicomFile,
  element: DicomElement,
  edits: readonly DataSetEdits[] | undefined,
  charset: CharacterSet,
): string {
  for (const [i, item] of (element.items ?? []).entries()) {
    const own = edits?.[i];
    if (own?.drop === true) continue;
    for (const tag of [CODE_VALUE, MEANING]) {
      const at = item.elements.findIndex((e) => e.tag === tag);
      const child = item.elements[at];
      if (child === undefined) continue;
      const value = valueOf(file, child, own?.edits[at] ?? { kind: 'keep' }, charset);
      if (value !== '') return value;
    }
  }
  return '';
}
