import { BitWriter } from './bits';
import { forEachBlock, type Coefficients } from './coefficients';
import { huffmanCodes, optimalTable, sizeOf, type HuffmanCodes, type HuffmanSpec } from './huffman';

/** Coefficients of a sequential scan. */
export const WHOLE_BAND = { start: 0, end: 63 } as const;

/** One scan to write: which components with which table slots, and which of their coefficients in zigzag order. */
export interface ScanPlan {
  /** A progressive scan has coefficient 0 alone, or a band of others of one component. */
  readonly band: { readonly start: number; readonly end: number };
  readonly components: readonly { readonly index: number; readonly dc: number; readonly ac: number }[];
  readonly restartInterval: number;
}

export interface ScanTables {
  readonly dc: ReadonlyMap<number, HuffmanSpec>;
  readonly ac: ReadonlyMap<number, HuffmanSpec>;
}

/** What the coder needs of a scan: DC difference sizes and (run, size) pairs with their extra bits, in coding order. */
interface Sink {
  dc(slot: number, difference: number): void;
  ac(slot: number, symbol: number, value: number, size: number): void;
  restart(index: number): void;
}

function codeScan(image: Coefficients, plan: ScanPlan, sink: Sink): void {
  const planes = plan.components.map((c) => image.components[c.index]?.coefficients ?? new Int16Array(0));
  const empty = new Int16Array(0);
  const predictors = new Int32Array(4);
  const { start, end } = plan.band;
  let restarts = 0;
  forEachBlock(
    image,
    plan,
    (mcu) => {
      if (plan.restartInterval > 0 && mcu > 0 && mcu % plan.restartInterval === 0) {
        sink.restart(restarts++ & 7);
        predictors.fill(0);
      }
    },
    (slot, offset) => {
      const blocks = planes[slot] ?? empty;
      if (start === 0) {
        const dc = blocks[offset] ?? 0;
        sink.dc(slot, dc - (predictors[slot] ?? 0));
        predictors[slot] = dc;
      }
      let run = 0;
      for (let k = Math.max(1, start); k <= end; k++) {
        const value = blocks[offset + k] ?? 0;
        if (value === 0) {
          run++;
          continue;
        }
        for (; run > 15; run -= 16) sink.ac(slot, 0xf0, 0, 0);
        const size = sizeOf(value);
        sink.ac(slot, (run << 4) | size, value, size);
        run = 0;
      }
      if (run > 0) sink.ac(slot, 0, 0, 0);
    },
  );
}

/** The best Huffman tables for a scan: a function of the coefficients alone. */
export function tablesForScan(image: Coefficients, plan: ScanPlan): ScanTables {
  const dc = new Map<number, Uint32Array>();
  const ac = new Map<number, Uint32Array>();
  const of = (map: Map<number, Uint32Array>, id: number): Uint32Array => {
    let counts = map.get(id);
    if (counts === undefined) map.set(id, (counts = new Uint32Array(256)));
    return counts;
  };
  const dcOf = plan.components.map((c) => of(dc, c.dc));
  const acOf = plan.components.map((c) => of(ac, c.ac));
  const count = (table: Uint32Array | undefined, symbol: number): void => {
    if (table !== undefined) table[symbol] = (table[symbol] ?? 0) + 1;
  };
  codeScan(image, plan, {
    dc: (slot, difference) => count(dcOf[slot], sizeOf(difference)),
    ac: (slot, symbol) => count(acOf[slot], symbol),
    restart: () => undefined,
  });
  const finish = (map: Map<number, Uint32Array>): Map<number, HuffmanSpec> =>
    new Map([...map].map(([id, counts]) => [id, optimalTable(counts)]));
  return { dc: finish(dc), ac: finish(ac) };
}

/** Entropy-codes one scan; null when the tables lack a symbol that it needs. */
export function encodeScan(image: Coefficients, plan: ScanPlan, tables: ScanTables): Uint8Array | null {
  const codesOf = (spec: HuffmanSpec | undefined): HuffmanCodes | undefined =>
    spec === undefined ? undefined : huffmanCodes(spec);
  const dcOf = plan.components.map((c) => codesOf(tables.dc.get(c.dc)));
  const acOf = plan.components.map((c) => codesOf(tables.ac.get(c.ac)));
  const writer = new BitWriter(1 << 16);
  const state = { complete: true };
  const put = (codes: HuffmanCodes | undefined, symbol: number, value: number, size: number): void => {
    const length = codes?.lengths[symbol] ?? 0;
    if (codes === undefined || length === 0) {
      state.complete = false;
      return;
    }
    writer.write(codes.codes[symbol] ?? 0, length);
    writer.write(value < 0 ? value - 1 : value, size);
  };
  codeScan(image, plan, {
    dc: (slot, difference) => {
      const size = sizeOf(difference);
      put(dcOf[slot], size, difference, size);
    },
    ac: (slot, symbol, value, size) => put(acOf[slot], symbol, value, size),
    restart: (index) => writer.marker(0xd0 + index),
  });
  return state.complete ? writer.finish() : null;
}
