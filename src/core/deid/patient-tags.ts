/** Attributes that become the pseudonym. */
const tags = new Set([0x00100010, 0x00100020, 0x00120040]);

/** Patient's Name, Patient ID, Clinical Trial Subject ID: as a number, or as eight hexadecimal digits. */
export function isPatientTag(tag: number | string): boolean {
  return tags.has(typeof tag === 'number' ? tag : parseInt(tag, 16));
}
