/** The one thing that stays of EXIF: how the stored pixels are to be turned (tag 0x0112 of IFD0, Exif 2.32 4.6.4). */

/** 'Exif' and two zeros. */
const signature = [0x45, 0x78, 0x69, 0x66, 0, 0];

export const isExif = (payload: Uint8Array): boolean => signature.every((b, i) => payload[i] === b);

/** Orientation 1..8 of a TIFF structure (an APP1 payload after 'Exif\0\0', or a PNG eXIf chunk); 1 when there is none. */
export function exifOrientation(tiff: Uint8Array): number {
  if (tiff.length < 8) return 1;
  const little = tiff[0] === 0x49 && tiff[1] === 0x49;
  if (!little && !(tiff[0] === 0x4d && tiff[1] === 0x4d)) return 1;
  const view = new DataView(tiff.buffer, tiff.byteOffset, tiff.byteLength);
  if (view.getUint16(2, little) !== 42) return 1;
  const ifd = view.getUint32(4, little);
  if (ifd + 2 > tiff.length) return 1;
  const count = view.getUint16(ifd, little);
  for (let i = 0; i < count; i++) {
    const entry = ifd + 2 + 12 * i;
    if (entry + 12 > tiff.length) return 1;
    if (view.getUint16(entry, little) !== 0x0112) continue;
    const value = view.getUint16(entry + 8, little);
    return view.getUint16(entry + 2, little) === 3 && value >= 1 && value <= 8 ? value : 1;
  }
  return 1;
}

/** A TIFF structure of one IFD that holds the orientation and nothing else. 26 bytes. */
export function orientationTiff(orientation: number): Uint8Array {
  const out = new Uint8Array(26);
  const view = new DataView(out.buffer);
  view.setUint16(0, 0x4d4d);
  view.setUint16(2, 42);
  view.setUint32(4, 8);
  view.setUint16(8, 1);
  view.setUint16(10, 0x0112);
  view.setUint16(12, 3);
  view.setUint32(14, 1);
  view.setUint16(18, orientation);
  return out;
}

/** The APP1 segment with that, marker and length included. */
export function orientationSegment(orientation: number): Uint8Array {
  const tiff = orientationTiff(orientation);
  const length = 2 + signature.length + tiff.length;
  return Uint8Array.from([0xff, 0xe1, length >> 8, length & 255, ...signature, ...tiff]);
}
