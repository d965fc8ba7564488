import { Fault } from '../../pixels/fault';

const damaged = (): Fault => new Fault('bad-bmp', 'The packed pixels of the BMP image are damaged.');

/**
 * Indices of a BMP packed as RLE8 or RLE4, top row first; pixels that the stream jumps over are 0.
 * @throws Fault `bad-bmp`
 */
export function unpackRle(
  bytes: Uint8Array,
  from: number,
  width: number,
  height: number,
  depth: number,
): { readonly data: Uint8Array; readonly end: number } {
  const data = new Uint8Array(width * height);
  let x = 0;
  let y = 0;
  let at = from;
  const byte = (): number => {
    const value = bytes[at++];
    if (value === undefined) throw damaged();
    return value;
  };
  const put = (index: number): void => {
    // Runs may go on into the padding of a row.
    if (x < width && y < height) data[(height - 1 - y) * width + x] = index;
    if (++x > width + 64) throw damaged();
  };
  for (;;) {
    // Without its end mark a stream may stop where the picture is full.
    if (at >= bytes.length && (y >= height || (y === height - 1 && x >= width))) break;
    const count = byte();
    const value = byte();
    if (count > 0) {
      for (let i = 0; i < count; i++) put(depth === 8 ? value : i % 2 === 0 ? value >> 4 : value & 15);
    } else if (value === 0) {
      x = 0;
      y++;
    } else if (value === 1) break;
    else if (value === 2) {
      x += byte();
      y += byte();
      if (x > width || y >= height) throw damaged();
    } else {
      const start = at;
      const length = depth === 8 ? value : Math.ceil(value / 2);
      for (let i = 0; i < value; i++) {
        const stored = bytes[start + (depth === 8 ? i : i >> 1)];
        if (stored === undefined) throw damaged();
        put(depth === 8 ? stored : i % 2 === 0 ? stored >> 4 : stored & 15);
      }
      at = start + length + (length % 2);
    }
    if (y > height) throw damaged();
  }
  return { data, end: Math.min(at, bytes.length) };
}
