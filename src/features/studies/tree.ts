/** Patient › study › series › Instance, made of what the headers say, and the flat list of rows that the panel shows. */
import { stateOf, type InstanceEntry, type InstanceId, type StateFilter, type StateKind } from '../../store';

export type Counts = Readonly<Record<StateKind, number>>;

interface NodeBase {
  readonly key: string;
  readonly counts: Counts;
  readonly total: number;
}

export interface PatientNode extends NodeBase {
  readonly name: string;
  readonly id: string;
  readonly birthDate: string;
  readonly sex: string;
  readonly studies: readonly StudyNode[];
}

export interface StudyNode extends NodeBase {
  readonly description: string;
  readonly date: string;
  readonly series: readonly SeriesNode[];
}

export interface SeriesNode extends NodeBase {
  readonly description: string;
  readonly modality: string;
  readonly number: number | null;
  /** In the order in which they are looked at: by Instance Number, then as dropped. */
  readonly instances: readonly InstanceEntry[];
}

export interface Tree {
  readonly patients: readonly PatientNode[];
  /** What could not be read, or is no image. */
  readonly aside: readonly InstanceEntry[];
  /** Still being read. */
  readonly reading: number;
  readonly counts: Counts;
  readonly total: number;
}

const none = (): Record<StateKind, number> => ({ working: 0, ready: 0, review: 0, refused: 0, skipped: 0 });

interface Building {
  patient: InstanceEntry;
  studies: Map<string, { first: InstanceEntry; series: Map<string, InstanceEntry[]> }>;
}

export function buildTree(instances: Iterable<InstanceEntry>): Tree {
  const patients = new Map<string, Building>();
  const aside: InstanceEntry[] = [];
  const counts = none();
  let reading = 0;
  let total = 0;
  for (const entry of instances) {
    total++;
    counts[stateOf(entry)]++;
    const { summary } = entry;
    if (!summary || entry.phase === 'skipped') {
      if (entry.phase === 'reading') reading++;
      else aside.push(entry);
      continue;
    }
    let patient = patients.get(summary.patient.key);
    if (!patient) patients.set(summary.patient.key, (patient = { patient: entry, studies: new Map() }));
    let study = patient.studies.get(summary.study.key);
    if (!study) patient.studies.set(summary.study.key, (study = { first: entry, series: new Map() }));
    const series = study.series.get(summary.series.key);
    if (series) series.push(entry);
    else study.series.set(summary.series.key, [entry]);
  }
  return { patients: [...patients].map(([key, p]) => patientNode(key, p)), aside, reading, counts, total };
}

function patientNode(key: string, { patient, studies }: Building): PatientNode {
  const nodes = [...studies]
    .map(([studyKey, { first, series }]) => studyNode(`${key}|${studyKey}`, first, series))
    .sort((a, b) => a.date.localeCompare(b.date));
  const facts = patient.summary?.patient;
  return {
    key: `p:${key}`,
    name: facts?.name || folderOf(patient),
    id: facts?.id ?? '',
    birthDate: facts?.birthDate ?? '',
    sex: facts?.sex ?? '',
    studies: nodes,
    ...sums(nodes),
  };
}

/** What a plain image is grouped by instead of a name: the folder that it lay in. */
const folderOf = (entry: InstanceEntry): string =>
  entry.summary?.kind === 'dicom' ? '' : (entry.path.split('/').at(-2) ?? '');

/** A single plain image is called by its own name. */
const fileNameOf = (list: readonly InstanceEntry[]): string =>
  list.length === 1 && list[0]?.summary?.kind !== 'dicom' ? (list[0]?.path.split('/').at(-1) ?? '') : '';

function studyNode(key: string, first: InstanceEntry, series: ReadonlyMap<string, InstanceEntry[]>): StudyNode {
  const nodes = [...series]
    .map(([seriesKey, list]) => seriesNode(`${key}|${seriesKey}`, list))
    .sort((a, b) => (a.number ?? Infinity) - (b.number ?? Infinity));
  return {
    key: `s:${key}`,
    description: first.summary?.study.description ?? '',
    date: first.summary?.study.date ?? '',
    series: nodes,
    ...sums(nodes),
  };
}

const order = (entry: InstanceEntry) => entry.summary?.instance.number ?? Infinity;

function seriesNode(key: string, list: InstanceEntry[]): SeriesNode {
  const counts = none();
  for (const entry of list) counts[stateOf(entry)]++;
  const facts = list[0]?.summary?.series;
  return {
    key: `e:${key}`,
    description: facts?.description || fileNameOf(list),
    modality: facts?.modality ?? '',
    number: facts?.number ?? null,
    instances: list.sort((a, b) => order(a) - order(b) || a.path.localeCompare(b.path, 'en', { numeric: true })),
    counts,
    total: list.length,
  };
}

function sums(nodes: readonly NodeBase[]): { counts: Counts; total: number } {
  const counts = none();
  let total = 0;
  for (const node of nodes) {
    total += node.total;
    for (const state of Object.keys(counts) as StateKind[]) counts[state] += node.counts[state];
  }
  return { counts, total };
}

/** The one word for many: what needs a person first. */
export function worstState(counts: Counts): StateKind {
  if (counts.review > 0) return 'review';
  if (counts.working > 0) return 'working';
  if (counts.refused > 0) return 'refused';
  if (counts.ready > 0) return 'ready';
  return 'skipped';
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
  | { readonly kind: 'aside'; readonly key: string; readonly total: number; readonly open: boolean; readonly level: 1 }
  | { readonly kind: 'aside-file'; readonly key: string; readonly entry: InstanceEntry; readonly level: 2 };

export const asideKey = 'aside';

/** Series open by default only when they are few: a study of thousands opens as a list of its series. */
export const opensByDefault = (kind: Row['kind'], total: number): boolean =>
  kind === 'patient' || kind === 'study' || (kind === 'aside' && total <= 20);

export interface RowOptions {
  readonly toggled: ReadonlySet<string>;
  readonly search: string;
  readonly filter: StateFilter;
}

function matches(entry: InstanceEntry, words: readonly string[], filter: StateFilter): boolean {
  if (filter !== 'all' && stateOf(entry) !== filter) return false;
  if (words.length === 0) return true;
  const s = entry.summary;
  const text = (
    s
      ? `${entry.path} ${s.patient.name} ${s.patient.id} ${s.study.description} ${s.study.date} ${s.study.accession} ${s.series.description} ${s.series.modality} ${s.instance.sopClassName} ${s.device.manufacturer} ${s.device.model}`
      : entry.path
  ).toLowerCase();
  return words.every((w) => text.includes(w));
}

/** The rows on the screen, top to bottom. While people search or filter, everything that matches is open. */
export function treeRows(tree: Tree, { toggled, search, filter }: RowOptions): readonly Row[] {
  const words = search.toLowerCase().split(/\s+/).filter(Boolean);
  const narrowed = words.length > 0 || filter !== 'all';
  const rows: Row[] = [];
  const isOpen = (kind: Row['kind'], key: string, total: number) =>
    narrowed ? !toggled.has(key) : toggled.has(key) !== opensByDefault(kind, total);

  for (const patient of tree.patients) {
    const patientRows: Row[] = [];
    for (const study of patient.studies) {
      const studyRows: Row[] = [];
      for (const series of study.series) {
        const hits = narrowed ? series.instances.filter((e) => matches(e, words, filter)) : series.instances;
        if (hits.length === 0) continue;
        const open = isOpen('series', series.key, series.total);
        studyRows.push({ kind: 'series', key: series.key, node: series, open, level: 3 });
        if (!open) continue;
        hits.forEach((entry, index) => studyRows.push({ kind: 'instance', key: entry.id, entry, index, level: 4 }));
      }
      if (studyRows.length === 0) continue;
      const open = isOpen('study', study.key, study.total);
      patientRows.push({ kind: 'study', key: study.key, node: study, open, level: 2 });
      if (open) for (const row of studyRows) patientRows.push(row);
    }
    if (patientRows.length === 0) continue;
    const open = isOpen('patient', patient.key, patient.total);
    rows.push({ kind: 'patient', key: patient.key, node: patient, open, level: 1 });
    if (open) for (const row of patientRows) rows.push(row);
  }
  const aside = narrowed ? tree.aside.filter((e) => matches(e, words, filter)) : tree.aside;
  if (aside.length > 0) {
    const open = isOpen('aside', asideKey, aside.length);
    rows.push({ kind: 'aside', key: asideKey, total: aside.length, open, level: 1 });
    if (open) for (const entry of aside) rows.push({ kind: 'aside-file', key: entry.id, entry, level: 2 });
  }
  return rows;
}

/** The series that an Instance is in, in viewing order. */
export function seriesOf(tree: Tree, id: InstanceId): readonly InstanceEntry[] {
  for (const patient of tree.patients) {
    for (const study of patient.studies) {
      for (const series of study.series) if (series.instances.some((e) => e.id === id)) return series.instances;
    }
  }
  return [];
}

/** Every Instance in the order of the tree. */
export function instancesInOrder(tree: Tree): readonly InstanceEntry[] {
  return tree.patients.flatMap((p) => p.studies.flatMap((s) => s.series.flatMap((e) => e.instances)));
}
