/** What a profile would change in the image on the screen, against the one in force. */
import type { PlanRow } from '../../core/deid/plan';
import { formatPath } from '../../core/dicom/data-set';

export interface EffectRow {
  readonly path: string;
  readonly name: string;
  readonly before: string | null;
  readonly after: string | null;
}

/** Rows whose outcome differs between two plans of the same Instance, values as they would leave. */
export function planDifference(from: readonly PlanRow[], to: readonly PlanRow[]): readonly EffectRow[] {
  const old = new Map(from.map((r) => [formatPath(r.path), r]));
  const rows: EffectRow[] = [];
  for (const row of to) {
    const path = formatPath(row.path);
    const was = old.get(path);
    old.delete(path);
    if (was?.after === row.after) continue;
    // (0012,0063) and (0012,0064) say which options were used: they differ always and tell nothing here.
    if (row.rule.source === 'deid-method') continue;
    rows.push({ path, name: row.name || row.keyword || path, before: was?.after ?? null, after: row.after ?? null });
  }
  for (const [path, row] of old) {
    if (row.after === undefined || row.rule.source === 'deid-method') continue;
    rows.push({ path, name: row.name || row.keyword || path, before: row.after, after: null });
  }
  return rows;
}
