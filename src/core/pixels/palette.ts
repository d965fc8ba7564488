/** The colours of a PALETTE COLOR image (PS3.3 C.7.6.3.1.5, C.7.9), scaled to 16 bits. */
export interface Palette {
  /** Number of entries. */
  readonly length: number;
  /** Stored value that is mapped to the first entry. */
  readonly first: number;
  readonly red: Uint16Array;
  readonly green: Uint16Array;
  readonly blue: Uint16Array;
  /** Entry for a stored value: values outside take the first or last one. */
  entryOf(value: number): number;
}

/** One channel's table: its descriptor (PS3.3 C.7.6.3.1.5) and its data words. */
export interface PaletteChannel {
  /** Number of entries, first mapped value, bits per entry, as read. */
  readonly descriptor: readonly [number, number, number];
  /** Entries as stored in 16-bit words; 8-bit entries may be packed two to a word. */
  readonly data: Uint16Array;
  /** Segmented (C.7.9.2). */
  readonly segmented: boolean;
}

/** Expands a segmented table (PS3.3 C.7.9.2): discrete, linear and indirect segments. Null when it is malformed. */
export function expandSegments(words: Uint16Array, length: number): Uint16Array | null {
  const out = new Uint16Array(length);
  let filled = 0;
  const starts: number[] = [];

  const run = (at: number): number | null => {
    const kind = words[at];
    const count = words[at + 1];
    if (kind === undefined || count === undefined) return null;
    if (kind === 0) {
      if (at + 2 + count > words.length || filled + count > length) return null;
      out.set(words.subarray(at + 2, at + 2 + count), filled);
      filled += count;
      return at + 2 + count;
    }
    if (kind === 1) {
      const end = words[at + 2];
      if (end === undefined || filled === 0 || filled + count > length) return null;
      const begin = out[filled - 1] ?? 0;
      for (let i = 1; i <= count; i++) out[filled++] = Math.round(begin + ((end - begin) * i) / count);
      return at + 3;
    }
    return null;
  };

  for (let at = 0; at < words.length && filled < length;) {
    starts.push(at);
    if (words[at] === 2) {
      // Indirect: `count` segments again, beginning at a byte offset of which the low word comes first.
      const count = words[at + 1] ?? 0;
      let from = ((words[at + 2] ?? 0) + (words[at + 3] ?? 0) * 65536) / 2;
      if (at + 4 > words.length || !starts.includes(from)) return null;
      for (let i = 0; i < count; i++) {
        const next = run(from);
        if (next === null) return null;
        from = next;
      }
      at += 4;
    } else {
      const next = run(at);
      if (next === null) return null;
      at = next;
    }
  }
  return filled === length ? out : null;
}

/**
 * Builds the colours; null when the tables contradict themselves. 8-bit entries, packed or one to a word, are recognised by
 * the amount of data, since files state 16 for 8 and the reverse (entries are then scaled by what they hold).
 */
export function makePalette(
  channels: readonly [PaletteChannel, PaletteChannel, PaletteChannel],
  signed: boolean,
): Palette | null {
  const length = channels[0].descriptor[0] === 0 ? 65536 : channels[0].descriptor[0];
  const stated = channels[0].descriptor[1];
  const first = signed ? (stated << 16) >> 16 : stated;
  const tables: Uint16Array[] = [];
  for (const channel of channels) {
    let table: Uint16Array | null;
    if (channel.segmented) table = expandSegments(channel.data, length);
    else if (channel.data.length >= length) table = channel.data.slice(0, length);
    else if (channel.data.length * 2 >= length) {
      table = new Uint16Array(length);
      for (let i = 0; i < length; i++) {
        const word = channel.data[i >> 1] ?? 0;
        table[i] = (i & 1) === 0 ? word & 0xff : word >>> 8;
      }
    } else table = null;
    if (table === null) return null;
    tables.push(table);
  }
  const [red, green, blue] = tables;
  if (red === undefined || green === undefined || blue === undefined) return null;
  const brightest = [red, green, blue].reduce((max, t) => t.reduce((m, v) => Math.max(m, v), max), 0);
  if (brightest <= 255)
    for (const table of [red, green, blue]) for (let i = 0; i < length; i++) table[i] = (table[i] ?? 0) * 257;
  return {
    length,
    first,
    red,
    green,
    blue,
    entryOf: (value) => Math.max(0, Math.min(length - 1, value - first)),
  };
}
