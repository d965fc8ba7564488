/** Rows of the tag diff: a plan's rows as a tree, searched, narrowed and folded. */
import { formatPath, formatTag, type ElementPath } from '../../core/dicom/data-set';
import type { PlanRow } from '../../core/deid/plan';
import type { useWords } from '../../locales';

export type DiffRow =
  | {
      readonly kind: 'element';
      readonly key: string;
      readonly row: PlanRow;
      readonly depth: number;
      /** A sequence with rows below it. */
      readonly parent: boolean;
      readonly open: boolean;
    }
  | { readonly kind: 'item'; readonly key: string; readonly depth: number; readonly index: number };

export interface DiffOptions {
  readonly search: string;
  readonly changedOnly: boolean;
  /** Paths of sequences that are folded. */
  readonly folded: ReadonlySet<string>;
}

/** Sequences that a path leads through, outermost first, as keys. */
function ancestors(path: ElementPath): readonly string[] {
  return path.slice(0, -1).map((step, i) => formatPath([...path.slice(0, i), { tag: step.tag }]));
}

export function matchesSearch(row: PlanRow, words: readonly string[]): boolean {
  const text = `${formatTag(row.tag)} ${row.tag.toString(16).padStart(8, '0')} ${row.keyword} ${row.name} ${row.before ?? ''} ${row.after ?? ''}`;
  const lower = text.toLowerCase();
  return words.every((w) => lower.includes(w));
}

export function diffRows(rows: readonly PlanRow[], { search, changedOnly, folded }: DiffOptions): readonly DiffRow[] {
  const words = search.toLowerCase().split(/\s+/).filter(Boolean);
  const narrowed = words.length > 0 || changedOnly;
  const keys = rows.map((row) => formatPath(row.path));
  const parents = new Set<string>();
  const wanted = new Set<string>();
  rows.forEach((row, i) => {
    const above = ancestors(row.path);
    const last = above.at(-1);
    if (last !== undefined) parents.add(last);
    if (!narrowed) return;
    // What a person decided is shown, also where they keep what was there.
    if (
      (!changedOnly || row.changed || row.rule.source === 'override') &&
      (words.length === 0 || matchesSearch(row, words))
    ) {
      // What is found is shown with the sequences that it lies in.
      wanted.add(keys[i] ?? '');
      for (const key of above) wanted.add(key);
    }
  });
  const result: DiffRow[] = [];
  let lastItem = '';
  rows.forEach((row, i) => {
    const key = keys[i] ?? '';
    if (narrowed && !wanted.has(key)) return;
    const above = ancestors(row.path);
    if (above.some((a) => folded.has(a))) return;
    const step = row.path.at(-2);
    const item = step?.item === undefined ? '' : formatPath(row.path.slice(0, -1));
    if (item !== '' && item !== lastItem && !lastItem.startsWith(`${item}.`)) {
      result.push({ kind: 'item', key: `${item}#`, depth: row.depth, index: step?.item ?? 0 });
    }
    lastItem = item;
    result.push({
      kind: 'element',
      // A tag may occur twice in a broken data set.
      key: `${key}@${i}`,
      row,
      depth: row.depth,
      parent: parents.has(key),
      open: parents.has(key) && !folded.has(key),
    });
  });
  return result;
}

/** How many rows each action has, for the summary above the diff. */
export function actionCounts(rows: readonly PlanRow[]): { removed: number; changed: number; kept: number } {
  let removed = 0;
  let changed = 0;
  for (const row of rows) {
    if (!row.changed) continue;
    if (row.after === undefined) removed++;
    else changed++;
  }
  return { removed, changed, kept: rows.length - removed - changed };
}

/** What stands in the cell of a value: core counts the items of a sequence, the catalogue says it. */
export function cellText({ t }: Pick<ReturnType<typeof useWords>, 't'>, vr: string, text = ''): string {
  const items = vr === 'SQ' ? /^(\d+) items?$/.exec(text)?.[1] : undefined;
  return items === undefined ? text : t('tags.items', { count: Number(items) });
}
