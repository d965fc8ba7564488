import type { HuffmanSpec } from './huffman';

/** A marker segment with its length field. */
export function segment(marker: number, body: ArrayLike<number>): Uint8Array {
  const out = new Uint8Array(4 + body.length);
  out[0] = 0xff;
  out[1] = marker;
  out[2] = (body.length + 2) >>> 8;
  out[3] = (body.length + 2) & 0xff;
  out.set(body, 4);
  return out;
}

export function concat(parts: readonly Uint8Array[]): Uint8Array {
  const out = new Uint8Array(parts.reduce((sum, p) => sum + p.length, 0));
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return out;
}

/** SOI, the parts, EOI. */
export function assemble(parts: readonly Uint8Array[]): Uint8Array {
  return concat([Uint8Array.of(0xff, 0xd8), ...parts, Uint8Array.of(0xff, 0xd9)]);
}

export function frameHeader(
  sof: number,
  precision: number,
  width: number,
  height: number,
  components: readonly { readonly id: number; readonly h: number; readonly v: number; readonly table: number }[],
): Uint8Array {
  return segment(sof, [
    precision,
    height >>> 8,
    height & 0xff,
    width >>> 8,
    width & 0xff,
    components.length,
    ...components.flatMap((c) => [c.id, (c.h << 4) | c.v, c.table]),
  ]);
}

/** DHT. `kind` 0: DC and lossless tables, 1: AC tables. */
export function huffmanSegment(kind: 0 | 1, id: number, spec: HuffmanSpec): Uint8Array {
  return segment(0xc4, [(kind << 4) | id, ...spec.counts, ...spec.symbols]);
}

/** DQT, 8-bit entries where they fit. `table` in zigzag order. */
export function quantisationSegment(id: number, table: Uint16Array): Uint8Array {
  const wide = table.some((q) => q > 255);
  const values = wide ? Array.from(table).flatMap((q) => [q >>> 8, q & 0xff]) : Array.from(table);
  return segment(0xdb, [(wide ? 16 : 0) | id, ...values]);
}

export function restartSegment(interval: number): Uint8Array {
  return segment(0xdd, [interval >>> 8, interval & 0xff]);
}

export function scanHeader(
  components: readonly { readonly id: number; readonly dc: number; readonly ac: number }[],
  selection: { readonly start: number; readonly end: number; readonly high: number; readonly low: number },
): Uint8Array {
  return segment(0xda, [
    components.length,
    ...components.flatMap((c) => [c.id, (c.dc << 4) | c.ac]),
    selection.start,
    selection.end,
    (selection.high << 4) | selection.low,
  ]);
}

/** Adobe APP14 in its shortest form: it says only which colour transform was used, which decoders need. */
export function adobeSegment(transform: number): Uint8Array {
  return segment(0xee, [0x41, 0x64, 0x6f, 0x62, 0x65, 0, 100, 0, 0, 0, 0, transform]);
}

/** JFIF APP0 without thumbnail, aspect ratio 1:1. */
export function jfifSegment(): Uint8Array {
  return segment(0xe0, [0x4a, 0x46, 0x49, 0x46, 0, 1, 1, 0, 0, 1, 0, 1, 0, 0]);
}
