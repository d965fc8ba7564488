/** Names of outputs. */

/** Longest name of a folder or file that every common file system takes, in bytes. */
const nameLimit = 120;

/** Names that Windows keeps for devices. */
const deviceName = /^(con|prn|aux|nul|com\d|lpt\d)(\.|$)/i;

/** Whether a path stays below its folder and can be written everywhere: no '..', no drive, no control or odd characters. */
export function isSafePath(path: string): boolean {
  const names = path.split('/');
  return names.every(
    (name) =>
      /^[A-Za-z0-9][A-Za-z0-9._~-]*$/.test(name) &&
      !name.endsWith('.') &&
      name.length <= nameLimit &&
      !deviceName.test(name),
  );
}

/** Makes one name of a path out of any text: what is not a plain letter, digit, dot, dash or underscore becomes a dash. */
export function safeName(text: string): string {
  const plain = text
    .replace(/[^A-Za-z0-9._-]+/g, '-')
    .replace(/^[^A-Za-z0-9]+|[^A-Za-z0-9]+$/g, '')
    .slice(0, nameLimit);
  if (plain === '') return 'x';
  return deviceName.test(plain) ? `x-${plain}`.slice(0, nameLimit) : plain;
}

/** 'a/b.dcm', 1 → 'a/b-2.dcm': the second file that would have the same name. 0 leaves the path as it is. */
export function withOrdinal(path: string, ordinal: number): string {
  if (ordinal === 0) return path;
  const slash = path.lastIndexOf('/');
  const dot = path.lastIndexOf('.');
  const cut = dot > slash + 1 ? dot : path.length;
  return `${path.slice(0, cut)}-${ordinal + 1}${path.slice(cut)}`;
}
