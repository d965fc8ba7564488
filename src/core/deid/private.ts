/** Private attributes (PS3.5 7.8): who reserved which block, and which of its elements are safe (PS3.15 E.3.10). */
import { isPrivate, type DicomElement, type DicomFile, type Tag } from '../dicom/data-set';
import { rawValue } from '../dicom/values';
import { safeElements } from './tables/safe-private';

/** (gggg,0010-00FF): the creator of a block. */
export const isCreator = (tag: Tag): boolean => isPrivate(tag) && (tag & 0xffff) >= 0x10 && (tag & 0xffff) <= 0xff;

/** Block of a private element: group and high byte of its element number, as the tag of its creator. */
const creatorTag = (tag: Tag): Tag => ((tag & 0xffff0000) | ((tag >>> 8) & 0xff)) >>> 0;

function creatorText(file: DicomFile, element: DicomElement): string {
  let text = '';
  for (const byte of rawValue(file, element)) text += String.fromCharCode(byte);
  return text.replace(/\0/g, '').trim();
}

/** Tags of the private elements of one data set that may stay, their creators included. */
export function safePrivateTags(file: DicomFile, elements: readonly DicomElement[]): ReadonlySet<Tag> {
  const safe = new Set<Tag>();
  const creators = new Map<Tag, string>();
  for (const element of elements) {
    if (isCreator(element.tag) && !creators.has(element.tag)) creators.set(element.tag, creatorText(file, element));
  }
  if (creators.size === 0) return safe;
  for (const { tag } of elements) {
    if (!isPrivate(tag) || (tag & 0xffff) < 0x1000) continue;
    const creator = creators.get(creatorTag(tag));
    if (creator === undefined || safeElements(creator, tag >>> 16)?.has(tag & 0xff) !== true) continue;
    safe.add(tag);
    safe.add(creatorTag(tag));
  }
  return safe;
}
