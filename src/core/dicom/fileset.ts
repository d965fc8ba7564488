/** The index of a File-set (DICOMDIR, PS3.10 8.6, PS3.3 Annex F): told from its head, and the files that it lists. */
import { findElement, type DicomFile } from './data-set';
import { readHead } from './head';
import { numberValues, stringValues, uidValue } from './values';

/** Media Storage Directory Storage. */
export const DIRECTORY_CLASS = '1.2.840.10008.1.3.10';

const MEDIA_STORAGE_SOP_CLASS = 0x00020002;
const RECORDS = 0x00041220;
const IN_USE = 0x00041410;
const FILE_ID = 0x00041500;

/** Whether the file meta in the first bytes of a file says that it is an index: even one that is damaged further on is told. */
export function isDirectoryHead(head: Uint8Array): boolean {
  const read = readHead(head);
  if (!read.ok) return false;
  const element = read.value.meta.find((e) => e.tag === MEDIA_STORAGE_SOP_CLASS);
  if (element === undefined) return false;
  const text = new TextDecoder('latin1').decode(head.subarray(element.valueStart, element.valueEnd));
  return text.replace(/[\0 ]+$/, '') === DIRECTORY_CLASS;
}

/**
 * Paths of the files that an index lists, with '/', relative to its own folder; null when the file is no index. Records that
 * are no longer in use are left out. Holds identity: folders are often named by patients.
 */
export function listedFiles(file: DicomFile): readonly string[] | null {
  const records = findElement(file.elements, RECORDS);
  const isDirectory = uidValue(file, findElement(file.meta, MEDIA_STORAGE_SOP_CLASS)) === DIRECTORY_CLASS;
  if (records === undefined) return isDirectory ? [] : null;
  return (records.items ?? []).flatMap(({ elements, encoding }) => {
    const id = findElement(elements, FILE_ID);
    const use = findElement(elements, IN_USE);
    if (id === undefined || (use !== undefined && numberValues(file, use, encoding)[0] === 0)) return [];
    const names = stringValues(file, id).map((n) => n.trim());
    return names.some((n) => n !== '') ? [names.filter((n) => n !== '').join('/')] : [];
  });
}
