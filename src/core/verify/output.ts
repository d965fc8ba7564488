/** The finished output as the gate sees it: the parts in order, read as if they were already one file. */
import { type ByteSource, type Part, type SourceRange, isSourceRange, partsLength } from '../bytes';

/** Where a piece of the output comes from: an offset in the output and the part that stands there. */
export interface PlacedPart {
  readonly start: number;
  readonly end: number;
  readonly part: Part;
}

export interface OutputBytes extends ByteSource {
  readonly placed: readonly PlacedPart[];
  /**
   * The range of the input's source that stands at output [start, end) as one untouched piece, or null when that range
   * was made, or is put together from several.
   */
  sourceRange(start: number, end: number): SourceRange | null;
  /** Where in the output a byte of the source stands that is passed on untouched; undefined when it is not. */
  placeOf(offset: number | undefined): number | undefined;
  /** Output [start, end) as a view, where it lies in one made part; null otherwise. */
  view(start: number, end: number): Uint8Array | null;
}

/** How input bytes that are in memory already answer without asking the medium again. */
export type LoadedBytes = (start: number, end: number) => Uint8Array | null;

/** The parts as a ByteSource. Reads that lie in one part in memory are views. */
export function outputBytes(parts: readonly Part[], source: ByteSource, loaded: LoadedBytes = () => null): OutputBytes {
  const placed: PlacedPart[] = [];
  let at = 0;
  for (const part of parts) {
    const length = isSourceRange(part) ? part.end - part.start : part.byteLength;
    if (length > 0) placed.push({ start: at, end: at + length, part });
    at += length;
  }
  const size = partsLength(parts);

  /** Index of the part that holds an offset. */
  const indexAt = (offset: number): number => {
    let low = 0;
    let high = placed.length - 1;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((placed[middle] as PlacedPart).end <= offset) low = middle + 1;
      else high = middle;
    }
    return low;
  };

  const piece = async (p: PlacedPart, start: number, end: number): Promise<Uint8Array> => {
    if (!isSourceRange(p.part)) return p.part.subarray(start - p.start, end - p.start);
    const from = p.part.start + start - p.start;
    const to = p.part.start + end - p.start;
    return loaded(from, to) ?? (await source.read(from, to));
  };

  return {
    size,
    placed,
    read: async (start, end) => {
      const from = Math.max(0, start);
      const to = Math.min(size, end);
      if (to <= from) return new Uint8Array(0);
      let index = indexAt(from);
      const first = placed[index] as PlacedPart;
      if (first.end >= to) return piece(first, from, to);
      const out = new Uint8Array(to - from);
      for (let offset = from; offset < to; index++) {
        const p = placed[index] as PlacedPart;
        const stop = Math.min(p.end, to);
        out.set(await piece(p, offset, stop), offset - from);
        offset = stop;
      }
      return out;
    },
    sourceRange: (start, end) => {
      if (end <= start || placed.length === 0) return null;
      const p = placed[indexAt(start)] as PlacedPart;
      if (!isSourceRange(p.part) || p.start > start || p.end < end) return null;
      const from = p.part.start + start - p.start;
      return { start: from, end: from + end - start };
    },
    placeOf: (offset) => {
      if (offset === undefined) return undefined;
      for (const { part, start } of placed) {
        if (isSourceRange(part) && part.start <= offset && offset < part.end) return start + offset - part.start;
      }
      return undefined;
    },
    view: (start, end) => {
      if (end <= start || placed.length === 0) return null;
      const p = placed[indexAt(start)] as PlacedPart;
      if (isSourceRange(p.part) || p.start > start || p.end < end) return null;
      return p.part.subarray(start - p.start, end - p.start);
    },
  };
}
