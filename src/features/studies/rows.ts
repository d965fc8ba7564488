/**
 * The rows of the panel, top to bottom. An open series is one run of rows, not a row for each of its images: a list of 100,000 is
 * laid out in the time that its series take.
 */
import { RunLayout } from '../../components/run-layout';
import { stateOf, type InstanceEntry, type InstanceId, type StateFilter } from '../../store';
import type { PatientNode, SeriesNode, StudyNode, Tree } from './tree';
import { asideKey, pathOf } from './tree-index';

/** What files set aside are, as people tell them apart. */
export const asideKinds = ['refused', 'duplicate', 'no-image', 'other'] as const;
export type AsideKind = (typeof asideKinds)[number];

function asideKindOf({ phase, problem }: InstanceEntry): AsideKind {
  if (phase === 'refused') return 'refused';
  if (problem?.code === 'duplicate') return 'duplicate';
  return problem?.code === 'not-an-image' ? 'no-image' : 'other';
}

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
  | {
      readonly kind: 'aside';
      readonly key: string;
      readonly total: number;
      readonly kinds: Readonly<Record<AsideKind, number>>;
      readonly open: boolean;
      readonly level: 1;
    }
  | { readonly kind: 'aside-file'; readonly key: string; readonly entry: InstanceEntry; readonly level: 2 };

/** Heights of rows in CSS pixels, known ahead so that nothing jumps: dense lines, two for what has a picture. */
export const rowHeights: Readonly<Record<Row['kind'], number>> = {
  patient: 44,
  study: 40,
  series: 52,
  instance: 28,
  aside: 44,
  'aside-file': 44,
};

/** Series open by default only when they are few: a study of thousands opens as a list of its series. */
export const opensByDefault = (kind: Row['kind'], total: number): boolean =>
  kind === 'patient' || kind === 'study' || (kind === 'aside' && total <= 20);

export interface RowOptions {
  readonly toggled: ReadonlySet<string>;
  readonly search: string;
  readonly filter: StateFilter;
}

type List = readonly InstanceEntry[];

/** One row, or the images of an open series. */
type Run = { readonly row: Row } | { readonly kind: 'instance' | 'aside-file'; readonly list: List };

export class Rows extends RunLayout implements Iterable<Row> {
  readonly #runs: Run[] = [];

  add(row: Row): void {
    this.#runs.push({ row });
    this.push(1, rowHeights[row.kind]);
  }

  addAll(kind: 'instance' | 'aside-file', list: List): void {
    if (list.length === 0) return;
    this.#runs.push({ kind, list });
    this.push(list.length, rowHeights[kind]);
  }

  at(index: number): Row | undefined {
    const place = this.place(index);
    const run = place && this.#runs[place.run];
    if (!place || !run) return undefined;
    if ('row' in run) return run.row;
    const entry = run.list[place.offset];
    if (!entry) return undefined;
    return run.kind === 'instance'
      ? { kind: run.kind, key: entry.id, entry, index: place.offset, level: 4 }
      : { kind: run.kind, key: entry.id, entry, level: 2 };
  }

  /** Where the row of an Instance is; -1 when it is not shown. */
  indexOf(id: InstanceId | null): number {
    if (id === null) return -1;
    for (const [i, run] of this.#runs.entries()) {
      const at = 'list' in run ? run.list.findIndex((e) => e.id === id) : -1;
      if (at >= 0) return this.firstOf(i) + at;
    }
    return -1;
  }

  *[Symbol.iterator](): Iterator<Row> {
    for (let i = 0; i < this.length; i++) {
      const row = this.at(i);
      if (row) yield row;
    }
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

/** Whether people see what is below a row. */
type IsOpen = (kind: Row['kind'], key: string, total: number) => boolean;

const isNarrowed = ({ search, filter }: RowOptions): boolean => search.trim() !== '' || filter !== 'all';

/** While people search or filter, everything that matches is open. */
const openness = (options: RowOptions): IsOpen =>
  isNarrowed(options)
    ? (_, key) => !options.toggled.has(key)
    : (kind, key, total) => options.toggled.has(key) !== opensByDefault(kind, total);

/** Keys of the closed rows that an Instance lies under: once they are opened, it has a row itself. */
export function closedAbove(tree: Tree, entry: InstanceEntry, options: RowOptions): readonly string[] {
  const isOpen = openness(options);
  const path = pathOf(entry);
  const total = path.length === 1 ? tree.aside.length : 0;
  const kinds = path.length === 1 ? (['aside'] as const) : (['patient', 'study', 'series'] as const);
  return path.filter((key, level) => !isOpen(kinds[level] ?? 'series', key, total));
}

/** The rows on the screen, top to bottom. */
export function treeRows(tree: Tree, options: RowOptions): Rows {
  const { search, filter } = options;
  const words = search.toLowerCase().split(/\s+/).filter(Boolean);
  const hitsOf = (list: List): List => (isNarrowed(options) ? list.filter((e) => matches(e, words, filter)) : list);
  const isOpen = openness(options);

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
    const kinds: Record<AsideKind, number> = { refused: 0, duplicate: 0, 'no-image': 0, other: 0 };
    for (const entry of aside) kinds[asideKindOf(entry)]++;
    rows.add({ kind: 'aside', key: asideKey, total: aside.length, kinds, open, level: 1 });
    if (open) rows.addAll('aside-file', aside);
  }
  return rows;
}
