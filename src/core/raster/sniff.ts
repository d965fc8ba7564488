/** Which plain image format the first bytes of a file announce. */
import { isGzip, peekGzip } from './nifti/gzip';
import { niftiMagic } from './nifti/header';
import { pngSignature } from './png/parse';
import { tiffHeader } from './tiff/directory';
import type { RasterKind } from './types';

const text = (head: Uint8Array, at: number, length: number): string =>
  String.fromCharCode(...head.subarray(at, at + length));

/** A kilobyte is enough. 'volume-pair': the header of a NIfTI volume whose samples are in another file. */
export function sniffRaster(head: Uint8Array): RasterKind | 'volume-pair' | null {
  if (head.length >= 8 && pngSignature.every((b, i) => head[i] === b)) return 'png';
  if (head.length >= 3 && head[0] === 0xff && head[1] === 0xd8 && head[2] === 0xff) return 'jpeg';
  if (tiffHeader(head) !== null) return 'tiff';
  if (text(head, 0, 4) === 'RIFF' && text(head, 8, 4) === 'WEBP') return 'webp';
  // Two letters are little: the length of the header that follows has to be one of a dozen.
  if (text(head, 0, 2) === 'BM' && head.length >= 18 && [12, 16, 40, 52, 56, 64, 108, 124].includes(head[14] ?? 0) && head[15] === 0 && head[16] === 0 && head[17] === 0) return 'bmp'; // prettier-ignore
  const volume = niftiMagic(isGzip(head) ? peekGzip(head) : head);
  return volume === 'single' ? 'nifti' : volume === 'pair' ? 'volume-pair' : null;
}
