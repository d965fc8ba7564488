import { assemble, frameHeader, huffmanSegment, quantisationSegment, restartSegment, scanHeader } from './assemble';
import type { Coefficients } from './coefficients';
import { encodeScan, tablesForScan, WHOLE_BAND, type ScanPlan, type ScanTables } from './encode';
import { sameTable, type HuffmanSpec } from './huffman';
import { isStandardTable } from './standard-tables';
import { keptApplicationSegment } from './strip';
import type { JpegStructure } from './structure';

/** What an image is written as. */
export interface JpegForm {
  readonly container: 'frame' | 'file';
  /** What a progressive image becomes: syntaxes for sequential JPEG allow no other, retired ones for progressive JPEG likewise. */
  readonly progressive: 'sequential' | 'progressive';
}

interface PlannedScan {
  readonly plan: ScanPlan;
  /** Tables of the source, where they may be used again. */
  readonly tables: ScanTables | null;
}

/**
 * The scans to write. Sequential images keep their scans and restarts. Tables stay only when they are the example tables of
 * T.81 K.3: others were fitted to the whole image, what is under the regions included, and would tell of it.
 * Progressive images become sequential with one interleaved scan, or one a component where an MCU would be too large; or, to stay
 * progressive, a scan of the DC coefficients and one of the AC coefficients a component (T.81 G.1.1.1.1).
 */
function planScans(structure: JpegStructure, { progressive }: JpegForm): PlannedScan[] {
  if (structure.process === 'progressive') {
    const parts = structure.components.map((_, index) => ({ index, dc: Math.min(index, 1), ac: Math.min(index, 1) }));
    const units = structure.components.reduce((sum, c) => sum + c.h * c.v, 0);
    const groups = parts.length === 1 || units > 10 ? parts.map((p) => [p]) : [parts];
    const scans = (of: typeof groups, band: { start: number; end: number }): PlannedScan[] =>
      of.map((components) => ({ plan: { components, restartInterval: 0, band }, tables: null }));
    if (progressive === 'sequential') return scans(groups, WHOLE_BAND);
    const single = parts.map((part) => [part]);
    return [...scans(groups, { start: 0, end: 0 }), ...scans(single, { start: 1, end: 63 })];
  }
  return structure.scans.map((scan) => {
    const pick = (ids: number[], specs: readonly (HuffmanSpec | undefined)[]): Map<number, HuffmanSpec> =>
      new Map(ids.flatMap((id) => (specs[id] === undefined ? [] : [[id, specs[id]]])));
    const dc = pick(
      scan.components.map((c) => c.dc),
      scan.dcTables,
    );
    const ac = pick(
      scan.components.map((c) => c.ac),
      scan.acTables,
    );
    const standard = [...dc.values()].every(isStandardTable) && [...ac.values()].every(isStandardTable);
    return {
      plan: { components: scan.components, restartInterval: scan.restartInterval, band: WHOLE_BAND },
      tables: standard ? { dc, ac } : null,
    };
  });
}

/** Writes all scans; Huffman tables are repeated only where they change. */
function writeScans(image: Coefficients, structure: JpegStructure, form: JpegForm): Uint8Array[] {
  const parts: Uint8Array[] = [];
  const current = { dc: new Map<number, HuffmanSpec>(), ac: new Map<number, HuffmanSpec>() };
  let interval = 0;
  for (const { plan, tables: kept } of planScans(structure, form)) {
    let tables = kept;
    let data = tables === null ? null : encodeScan(image, plan, tables);
    if (tables === null || data === null) {
      tables = tablesForScan(image, plan);
      data = encodeScan(image, plan, tables);
    }
    if (data === null) throw new Error('a table made for the scan lacks one of its symbols');
    for (const [kind, name] of [
      [0, 'dc'],
      [1, 'ac'],
    ] as const) {
      for (const [id, spec] of tables[name]) {
        const before = current[name].get(id);
        // A scan of one band needs no table for the other.
        if (spec.symbols.length === 0 || (before !== undefined && sameTable(before, spec))) continue;
        current[name].set(id, spec);
        parts.push(huffmanSegment(kind, id, spec));
      }
    }
    if (plan.restartInterval !== interval) parts.push(restartSegment((interval = plan.restartInterval)));
    const components = plan.components.map((c) => ({ id: structure.components[c.index]?.id ?? 0, dc: c.dc, ac: c.ac }));
    parts.push(scanHeader(components, { ...plan.band, high: 0, low: 0 }), data);
  }
  return parts;
}

/** A JPEG of these coefficients. Headers are made anew from what was parsed, so nothing can hide in them. */
export function encodeJpeg(
  bytes: Uint8Array,
  structure: JpegStructure,
  image: Coefficients,
  form: JpegForm,
): Uint8Array {
  const tables: Uint16Array[] = [];
  const components = structure.components.map((c, i) => {
    const wanted = image.components[i]?.quantisation ?? new Uint16Array(64);
    let table = tables.findIndex((t) => t.every((q, k) => q === wanted[k]));
    if (table < 0) table = tables.push(wanted) - 1;
    return { id: c.id, h: c.h, v: c.v, table };
  });
  const wide = structure.precision > 8 || tables.some((t) => t.some((q) => q > 255));
  const turned = structure.process === 'progressive' && form.progressive === 'sequential';
  const sof = turned ? (wide ? 0xc1 : 0xc0) : structure.sof;
  const seen = new Set<number>();
  const kept = structure.segments.flatMap((s) => {
    if (seen.has(s.marker) || s.marker < 0xe0 || s.marker > 0xef) return [];
    const segment = keptApplicationSegment(s.marker, bytes.subarray(s.start + 4, s.end), form.container);
    if (segment === null) return [];
    seen.add(s.marker);
    return [segment];
  });
  return assemble([
    ...kept,
    ...tables.map((t, id) => quantisationSegment(id, t)),
    frameHeader(sof, structure.precision, structure.width, structure.height, components),
    ...writeScans(image, structure, form),
  ]);
}
