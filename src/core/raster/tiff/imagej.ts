/**
 * ImageJ says in the ImageDescription how the pages of a stack belong together and how far apart they are. That is geometry, and
 * stays, as numbers and words of closed lists; everything else people or programs wrote there goes.
 */

const numbers = [
  'images',
  'channels',
  'slices',
  'frames',
  'spacing',
  'finterval',
  'fps',
  'min',
  'max',
  'xorigin',
  'yorigin',
  'zorigin',
];
const words: Readonly<Record<string, RegExp>> = {
  hyperstack: /^(true|false)$/,
  loop: /^(true|false)$/,
  mode: /^(grayscale|color|composite|gray)$/,
  unit: /^(pixel|px|nm|um|\\u00B5m|µm|micron|microns|mm|cm|m|inch)$/,
  tunit: /^(s|sec|ms|min|h)$/,
};

const isImageJ = (text: string): boolean => /^ImageJ=/.test(text);

/** Planes that ImageJ says the file holds; 0 when it says nothing. */
export function imageJPlanes(text: string): number {
  const planes = isImageJ(text) ? /^images=(\d{1,9})\s*$/m.exec(text)?.[1] : undefined;
  return planes === undefined ? 0 : Number(planes);
}

/** What stays of an ImageDescription, as a string of bytes with its closing zero; null: nothing. */
export function imageJDescription(text: string): Uint8Array | null {
  if (!isImageJ(text)) return null;
  const kept: string[] = ['ImageJ='];
  const seen = new Set<string>();
  for (const line of text.split('\n')) {
    const [, key = '', value = ''] = /^([a-z]+)=(\S{1,24})\s*$/.exec(line) ?? [];
    const plain = numbers.includes(key) && /^-?\d{1,12}(\.\d{1,12})?(E-?\d{1,3})?$/.test(value);
    if ((!plain && words[key]?.test(value) !== true) || seen.has(key)) continue;
    seen.add(key);
    kept.push(`${key}=${value}`);
  }
  return kept.length === 1 ? null : new TextEncoder().encode(`${kept.join('\n')}\n\0`);
}
