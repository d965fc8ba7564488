import { packBits, viewOf } from '../bits';
import type { BmpImage } from './parse';

/**
 * The image as a BMP of its own header's kind: every field that is no size, colour or resolution is zero, and so are padding and
 * bits that no mask covers. Packed images come out unpacked, with the same indices and colours.
 */
export function writeBmp(image: BmpImage): Uint8Array {
  const { width, height, depth, headerSize, channels, masks, palette } = image;
  const stride = Math.ceil((width * depth) / 32) * 4;
  const maskBytes = headerSize === 40 && masks !== 0 ? (masks === 6 ? 16 : 12) : 0;
  const entrySize = headerSize === 12 ? 3 : 4;
  const colours = palette === null ? 0 : palette.length / 3;
  // The oldest header can't say how many colours there are: it has all of them.
  const entries = headerSize === 12 && palette !== null ? 2 ** depth : colours;
  const start = 14 + headerSize + maskBytes + entries * entrySize;
  const out = new Uint8Array(start + stride * height);
  const view = viewOf(out);
  out.set([0x42, 0x4d]);
  view.setUint32(2, out.length, true);
  view.setUint32(10, start, true);
  view.setUint32(14, headerSize, true);
  if (headerSize === 12) {
    view.setUint16(18, width, true);
    view.setUint16(20, height, true);
    view.setUint16(22, 1, true);
    view.setUint16(24, depth, true);
  } else {
    view.setInt32(18, width, true);
    view.setInt32(22, image.topDown ? -height : height, true);
    view.setUint16(26, 1, true);
    view.setUint16(28, depth, true);
    view.setUint32(30, masks, true);
    view.setUint32(34, stride * height, true);
    view.setInt32(38, image.resolution[0], true);
    view.setInt32(42, image.resolution[1], true);
    view.setUint32(46, colours === 2 ** depth ? 0 : colours, true);
    if (masks !== 0) {
      for (const [i, { shift, bits }] of (channels ?? []).entries()) {
        view.setUint32(54 + 4 * i, ((2 ** bits - 1) * 2 ** shift) >>> 0, true);
      }
    }
  }
  if (image.space !== null) {
    view.setUint32(70, image.space.type, true);
    out.set(image.space.calibration, 74);
    if (headerSize === 124) view.setUint32(122, image.space.intent, true);
  }
  if (palette !== null) {
    const at = 14 + headerSize + maskBytes;
    for (let i = 0; i < colours; i++) {
      for (let c = 0; c < 3; c++) out[at + i * entrySize + 2 - c] = palette[3 * i + c] as number;
    }
  }
  writeRows(image, out, start, stride);
  return out;
}

function writeRows(image: BmpImage, out: Uint8Array, start: number, stride: number): void {
  const { width, height, depth, channels, data, samples } = image;
  const view = viewOf(out);
  for (let y = 0; y < height; y++) {
    const row = start + (image.topDown ? y : height - 1 - y) * stride;
    const from = y * width * samples;
    if (depth <= 8) packBits(data, from, width, depth, out, row);
    else if (depth === 24) {
      for (let i = 0; i < width; i++)
        for (let c = 0; c < 3; c++) out[row + 3 * i + 2 - c] = data[from + 3 * i + c] as number;
    } else {
      for (let i = 0; i < width; i++) {
        let pixel = 0;
        for (const [c, { shift, bits }] of (channels ?? []).entries()) {
          pixel += ((data[from + i * samples + c] as number) & (2 ** bits - 1)) * 2 ** shift;
        }
        if (depth === 16) view.setUint16(row + 2 * i, pixel, true);
        else view.setUint32(row + 4 * i, pixel, true);
      }
    }
  }
}
