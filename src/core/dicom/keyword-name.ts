const small = new Set('Of To In And The For Or At On By From With As Per A An Is'.split(' '));

/**
 * The attribute's name as it follows from its keyword: "SOPInstanceUID" → "SOP Instance UID". Names with an apostrophe,
 * brackets or a slash don't follow; the dictionary holds those.
 */
export function nameFromKeyword(keyword: string): string {
  const words = keyword.replace(/([a-z0-9])(?=[A-Z])|([A-Z])(?=[A-Z][a-z])/g, '$& ').split(' ');
  return words
    .map((word, index) => (index > 0 && small.has(word) ? word.toLowerCase() : word))
    .join(' ')
    .replaceAll('X Ray', 'X-Ray')
    .replaceAll('Date Time', 'DateTime')
    .replaceAll('CIE Lab', 'CIELab')
    .replace(/^Two D /, '2D ')
    .replace(/^Three D /, '3D ')
    .replace(/ Trial$/, ' (Trial)');
}
