import type { JpegStructure } from './structure';

export type ColourModel = 'GRAY' | 'YBR' | 'RGB' | 'CMYK' | 'YCCK';

/**
 * What the components of a JPEG mean. Adobe's marker tells, else JFIF, else component identifiers 'R', 'G', 'B'; where the
 * stream says nothing, `hint` (the Photometric Interpretation). Subsampled second and third components are chroma, whatever
 * the hint says.
 */
export function colourModel(structure: JpegStructure, hint: 'RGB' | 'YBR' = 'YBR'): ColourModel {
  const { components, adobeTransform, jfif } = structure;
  if (components.length < 3) return 'GRAY';
  if (components.length === 4) return adobeTransform === 2 ? 'YCCK' : 'CMYK';
  if (adobeTransform !== undefined) return adobeTransform === 0 ? 'RGB' : 'YBR';
  if (jfif) return 'YBR';
  const ids = components.map((c) => c.id);
  if (ids[0] === 0x52 && ids[1] === 0x47 && ids[2] === 0x42) return 'RGB';
  const first = components[0];
  const subsampled = components.some((c) => first !== undefined && (c.h !== first.h || c.v !== first.v));
  return subsampled ? 'YBR' : hint;
}
