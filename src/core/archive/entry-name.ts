/** Names of entries: their text, and whether they stay inside the archive. */

/** IBM code page 437 above 127: what ZIP means where nothing else is said (APPNOTE D.1). */
const cp437 =
  'ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜ¢£¥₧ƒáíóúñÑªº¿⌐¬½¼¡«»░▒▓│┤╡╢╖╕╣║╗╝╜╛┐└┴┬├─┼╞╟╚╔╩╦╠═╬╧╨╤╥╙╘╒╓╫╪┘┌█▄▌▐▀αßΓπΣσµτΦΘΩδ∞φε∩≡±≥≤⌠⌡÷≈°∙·√ⁿ²■\u00a0';

const longest = 1024;
const deepest = 64;

/**
 * The text of a name. Many writers do not say that theirs is UTF-8, and Chinese systems write GB 18030 without a word: what is
 * valid UTF-8 is taken as such, then what reads as runs of Han characters, then code page 437.
 */
export function decodeName(bytes: Uint8Array): string {
  const utf8 = strictly('utf-8', bytes);
  if (utf8 !== null) return utf8;
  const chinese = strictly('gb18030', bytes);
  const foreign = chinese?.match(/[^\x20-\x7e]+/g) ?? [];
  if (chinese !== null && foreign.every((run) => /^[\p{Script=Han}，。（）：、·]{2,}$/u.test(run))) return chinese;
  return Array.from(bytes, (b) => (b < 0x80 ? String.fromCharCode(b) : cp437.charAt(b - 0x80))).join('');
}

function strictly(encoding: string, bytes: Uint8Array): string | null {
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(bytes);
  } catch {
    return null;
  }
}

/** A name as a path below the archive, with '/'; `hostile` when it would lead out of it or is no name at all. */
export function entryPath(name: string): { readonly path: string; readonly hostile: boolean } {
  // Old Windows writers separate folders with backslashes.
  const segments = name.replaceAll('\\', '/').split('/');
  const kept = segments.filter((s) => s !== '' && s !== '.' && s !== '..').map((s) => s.replace(/\p{Cc}/gu, '-'));
  const path = kept.join('/').slice(0, longest) || 'unnamed';
  const hostile =
    segments.includes('..') ||
    /^[\\/]|^[A-Za-z]:/.test(name) ||
    /\p{Cc}/u.test(name) ||
    name.length > longest ||
    kept.length > deepest ||
    kept.length === 0;
  return { path, hostile };
}
