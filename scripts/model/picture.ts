/** Writes a grey or colour image with boxes as PNG, to look at. */
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { crc32, deflateSync } from 'node:zlib';
import { firstImage } from '../../src/core/detect/grey';
import type { GreyFrame, TextImage } from '../../src/core/detect';
import type { TextRegion } from '../../src/core/detect/types';

export async function writePicture(
  folder: string,
  name: string,
  image: GreyFrame | TextImage,
  regions: readonly TextRegion[],
): Promise<void> {
  const { width, height, channels, data } = 'channels' in image ? image : firstImage(image);
  const rgb = new Uint8Array(width * height * 3);
  for (let i = 0; i < rgb.length; i++) rgb[i] = data[channels === 3 ? i : Math.floor(i / 3)] ?? 0;
  const dot = (x: number, y: number, sure: boolean): void => rgb.set([255, sure ? 0 : 200, 0], (y * width + x) * 3);
  for (const r of regions) {
    const sure = r.score > 0.9;
    for (let x = r.x; x < r.x + r.width; x++) for (const y of [r.y, r.y + r.height - 1]) dot(x, y, sure);
    for (let y = r.y; y < r.y + r.height; y++) for (const x of [r.x, r.x + r.width - 1]) dot(x, y, sure);
  }
  await mkdir(folder, { recursive: true });
  await writeFile(path.join(folder, `${name}.png`), png(width, height, rgb));
}

/** An image as PNG. */
export function pngOf({ width, height, channels, data }: TextImage): Uint8Array {
  return png(
    width,
    height,
    channels === 3
      ? Uint8Array.from(data)
      : Uint8Array.from({ length: data.length * 3 }, (_, i) => data[Math.floor(i / 3)] ?? 0),
  );
}

function png(width: number, height: number, rgb: Uint8Array): Uint8Array {
  const rows = new Uint8Array(height * (width * 3 + 1));
  for (let y = 0; y < height; y++) rows.set(rgb.subarray(y * width * 3, (y + 1) * width * 3), y * (width * 3 + 1) + 1);
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 2, 0, 0, 0], 8);
  const chunk = (type: string, body: Uint8Array): Buffer => {
    const typed = Buffer.concat([Buffer.from(type, 'latin1'), body]);
    const ends = Buffer.alloc(8);
    ends.writeUInt32BE(body.byteLength, 0);
    ends.writeUInt32BE(crc32(typed), 4);
    return Buffer.concat([ends.subarray(0, 4), typed, ends.subarray(4)]);
  };
  const signature = Buffer.from([137, 80, 78, 71, 13, 10, 26, 10]);
  return Buffer.concat([
    signature,
    chunk('IHDR', header),
    chunk('IDAT', deflateSync(rows)),
    chunk('IEND', new Uint8Array()),
  ]);
}
