/**
 * The rows of the panel, top to bottom. An open series is one run of rows, not a row for each of its images: a list of 100,000 is
 * laid out in the time that its series take.
 */
import type { RowLayout } from '../../components/use-window';
import { stateOf, type InstanceEntry, type InstanceId, type StateFilter } from '../../store';
import type { PatientNode, SeriesNode, StudyNode, Tree } from './tree';

export type Row =
  | {
      readonly kind: 'patient';
      readonly key: string;
      readonly node: PatientNode;
      readonly open: boolean;
      readonly level: 1;
    }
  | {
      readonly kind: 'study';
      readonly key: string;
      readonly node: StudyNode;
      readonly open: boolean;
      readonly level: 2;
    }
  | {
      readonly kind: 'series';
      readonly key: string;
      readonly node: SeriesNode;
      readonly open: boolean;
      readonly level: 3;
    }
  | {
      readonly kind: 'instance';
      readonly key: string;
      readonly entry: InstanceEntry;
      readonly index: number;
      readonly level: 4;
    }
  | { readonly kind: 'aside'; readonly key: string; readonly total: number; readonly open: boolean; readonly level: 1 }
  | { readonly kind: 'aside-file'; readonly key: string; readonly entry: InstanceEntry; readonly level: 2 };

/** Heights of rows in CSS pixels, known ahead so that nothing jumps: dense lines, two for what has a picture. */
export const rowHeights: Readonly<Record<Row['kind'], number>> = {
  patient: 44,
  study: 40,
  series: 52,
  instance: 28,
  aside: 32,
  'aside-file': 44,
};

export const asideKey = 'aside';

/** Series open by default only when they are few: a study of thousands opens as a list of its series. */
export const opensByDefault = (kind: Row['kind'], total: number): boolean =>
  kind === 'patient' || kind === 'study' || (kind === 'aside' && total <= 20);

export interface RowOptions {
  readonly toggled: ReadonlySet<string>;
  readonly search: string;
  readonly filter: StateFilter;
}

/** Rows of one kind that follow each other. */
interface Run {
  /** Index of its first row, and where that lies. */
  readonly first: number;
  readonly top: number;
  readonly rowHeight: number;
  readonly content: { readonly row: Row } | { readonly kind: 'instance' | 'aside-file'; readonly list: List };
}

type List = readonly InstanceEntry[];

export class Rows implements RowLayout, Iterable<Row> {
  readonly #runs: Run[] = [];
  #length = 0;
  #height = 0;

  get length(): number {
    return this.#length;
  }

  get height(): number {
    return this.#height;
  }

  add(row: Row): void {
    this.#push({ row }, rowHeights[row.kind], 1);
  }

  addAll(kind: 'instance' | 'aside-file', list: List): void {
    if (list.length > 0) this.#push({ kind, list }, rowHeights[kind], list.length);
  }

  #push(content: Run['content'], rowHeight: number, count: number): void {
    this.#runs.push({ first: this.#length, top: this.#height, rowHeight, content });
    this.#length += count;
    this.#height += count * rowHeight;
  }

  at(index: number): Row | undefined {
    const run = index < 0 || index >= this.#length ? undefined : this.#runs[this.#find((r) => r.first <= index)];
    if (!run) return undefined;
    if ('row' in run.content) return run.content.row;
    const { kind, list } = run.content;
    const entry = list[index - run.first];
    if (!entry) return undefined;
    return kind === 'instance'
      ? { kind, key: entry.id, entry, index: index - run.first, level: 4 }
      : { kind, key: entry.id, entry, level: 2 };
  }

  top(index: number): number {
    const run = this.#runs[this.#find((r) => r.first <= index)];
    return run ? run.top + (index - run.first) * run.rowHeight : 0;
  }

  indexAt(y: number): number {
    const run = this.#runs[this.#find((r) => r.top <= y)];
    if (!run) return 0;
    return Math.min(this.#length - 1, run.first + Math.max(0, Math.floor((y - run.top) / run.rowHeight)));
  }

  /** Where the row of an Instance is; -1 when it is not shown. */
  indexOf(id: InstanceId | null): number {
    if (id === null) return -1;
    for (const { first, content } of this.#runs) {
      const at = 'list' in content ? content.list.findIndex((e) => e.id === id) : -1;
      if (at >= 0) return first + at;
    }
    return -1;
  }

  *[Symbol.iterator](): Iterator<Row> {
    for (let i = 0; i < this.#length; i++) {
      const row = this.at(i);
      if (row) yield row;
    }
  }

  /** The last run of which the condition holds; the runs for which it holds come first. */
  #find(holds: (run: Run) => boolean): number {
    let low = 0;
    let high = this.#runs.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      const run = this.#runs[middle];
      if (run && holds(run)) low = middle;
      else high = middle - 1;
    }
    return low;
  }
}

/** What a search looks in; made when an Instance is first searched, and gone with it. */
const searchTexts = new WeakMap<NonNullable<InstanceEntry['summary']>, string>();

function searchText({ path, summary: s }: InstanceEntry): string {
  if (!s) return path.toLowerCase();
  let text = searchTexts.get(s);
  if (text === undefined) {
    text =
      `${path} ${s.patient.name} ${s.patient.id} ${s.study.description} ${s.study.date} ${s.study.accession} ${s.series.description} ${s.series.modality} ${s.instance.sopClassName} ${s.device.manufacturer} ${s.device.model}`.toLowerCase();
    searchTexts.set(s, text);
  }
  return text;
}

function matches(entry: InstanceEntry, words: readonly string[], filter: StateFilter): boolean {
  if (filter !== 'all' && stateOf(entry) !== filter) return false;
  return words.length === 0 || words.every((w) => searchText(entry).includes(w));
}

/** The rows on the screen, top to bottom. While people search or filter, everything that matches is open. */
export function treeRows(tree: Tree, { toggled, search, filter }: RowOptions): Rows {
  const words = search.toLowerCase().split(/\s+/).filter(Boolean);
  const narrowed = words.length > 0 || filter !== 'all';
  const hitsOf = (list: List): List => (narrowed ? list.filter((e) => matches(e, words, filter)) : list);
  const isOpen = (kind: Row['kind'], key: string, total: number) =>
    narrowed ? !toggled.has(key) : toggled.has(key) !== opensByDefault(kind, total);

  const rows = new Rows();
  for (const patient of tree.patients) {
    const studies = patient.studies
      .map((study) => ({
        study,
        series: study.series
          .map((series) => ({ series, hits: hitsOf(series.instances) }))
          .filter(({ hits }) => hits.length > 0),
      }))
      .filter(({ series }) => series.length > 0);
    if (studies.length === 0) continue;
    const open = isOpen('patient', patient.key, patient.total);
    rows.add({ kind: 'patient', key: patient.key, node: patient, open, level: 1 });
    if (!open) continue;
    for (const { study, series } of studies) {
      const studyOpen = isOpen('study', study.key, study.total);
      rows.add({ kind: 'study', key: study.key, node: study, open: studyOpen, level: 2 });
      if (!studyOpen) continue;
      for (const { series: node, hits } of series) {
        const seriesOpen = isOpen('series', node.key, node.total);
        rows.add({ kind: 'series', key: node.key, node, open: seriesOpen, level: 3 });
        if (seriesOpen) rows.addAll('instance', hits);
      }
    }
  }
  const aside = hitsOf(tree.aside);
  if (aside.length > 0) {
    const open = isOpen('aside', asideKey, aside.length);
    rows.add({ kind: 'aside', key: asideKey, total: aside.length, open, level: 1 });
    if (open) rows.addAll('aside-file', aside);
  }
  return rows;
}
