/**
 * Keeps the tree while a session grows. News come a few times a second and touch a few Instances of perhaps 100,000: series that
 * nothing happened to keep their nodes, so that neither grouping nor sorting is done again for them.
 */
import { stateOf, type InstanceEntry, type InstanceId, type StateKind } from '../../store';
import type { Counts, PatientNode, SeriesNode, StudyNode, Tree } from './tree';

export const asideKey = 'aside';

const patientKey = (patient: string): string => `p:${patient}`;
const studyKey = (patient: string, study: string): string => `s:${patient}|${study}`;
const seriesKey = (patient: string, study: string, series: string): string => `e:${patient}|${study}|${series}`;

/** Whether an Instance lies outside of the tree of patients: read and no image, or refused before it was understood. */
const isAside = ({ summary, phase }: InstanceEntry): boolean => !summary || phase === 'skipped';

/** Keys of the rows that an Instance lies under, from the top; none while it is being read. */
export function pathOf(entry: InstanceEntry): readonly string[] {
  if (isAside(entry)) return entry.phase === 'reading' ? [] : [asideKey];
  const { patient, study, series } = entry.summary ?? {};
  if (!patient || !study || !series) return [];
  return [patientKey(patient.key), studyKey(patient.key, study.key), seriesKey(patient.key, study.key, series.key)];
}

/** A series with its way up; `aside` and `reading` are lists without one. */
interface Group {
  readonly patient: Patient | null;
  readonly study: Study | null;
  readonly key: string;
  readonly members: Map<InstanceId, InstanceEntry>;
  /** Members in viewing order as they were when last asked for, and those that came since. */
  ordered: readonly InstanceEntry[];
  readonly fresh: Set<InstanceId>;
  /** Numbers changed since: the order says nothing any more. */
  shuffled: boolean;
  node: SeriesNode | null;
}

interface Study {
  readonly key: string;
  readonly first: InstanceEntry;
  readonly series: Map<string, Group>;
  node: StudyNode | null;
}

interface Patient {
  readonly key: string;
  readonly first: InstanceEntry;
  readonly studies: Map<string, Study>;
  node: PatientNode | null;
}

const none = (): Record<StateKind, number> => ({ working: 0, ready: 0, review: 0, refused: 0, skipped: 0 });
const collator = new Intl.Collator('en', { numeric: true });
const order = (entry: InstanceEntry) => entry.summary?.instance.number ?? Infinity;

function byNumber(a: InstanceEntry, b: InstanceEntry): number {
  const [x, y] = [order(a), order(b)];
  return x === y ? collator.compare(a.path, b.path) : x - y;
}

const listGroup = (): Group => ({
  patient: null,
  study: null,
  key: '',
  members: new Map(),
  ordered: [],
  fresh: new Set(),
  shuffled: false,
  node: null,
});

export class TreeIndex {
  /** What was seen last, in the order of the session, and where each was put. */
  #seen: InstanceEntry[] = [];
  #groups: Group[] = [];
  readonly #patients = new Map<string, Patient>();
  readonly #aside = listGroup();
  readonly #reading = listGroup();
  /** The aside list as it was last handed out; null when it changed since. */
  #asideList: readonly InstanceEntry[] | null = null;
  #counts = none();

  /** The tree of these Instances: the session's map, or any list in its order. */
  update(instances: Iterable<InstanceEntry>): Tree {
    let at = 0;
    for (const entry of instances) {
      const before = this.#seen[at];
      if (before !== entry) {
        // Another session: nothing of the last one holds.
        if (before !== undefined && before.id !== entry.id) return this.#anew(instances);
        this.#place(at, before, entry);
      }
      at++;
    }
    return at < this.#seen.length ? this.#anew(instances) : this.#tree();
  }

  #anew(instances: Iterable<InstanceEntry>): Tree {
    this.#seen = [];
    this.#groups = [];
    this.#patients.clear();
    this.#aside.members.clear();
    this.#reading.members.clear();
    this.#asideList = null;
    this.#counts = none();
    return this.update(instances);
  }

  #place(at: number, before: InstanceEntry | undefined, entry: InstanceEntry): void {
    const group = this.#groupOf(entry);
    const old = this.#groups[at];
    if (before !== undefined && old !== undefined) {
      this.#counts[stateOf(before)]--;
      if (old !== group) {
        old.members.delete(entry.id);
        old.fresh.delete(entry.id);
        this.#touch(old);
      } else if (order(before) !== order(entry)) group.shuffled = true;
    }
    this.#counts[stateOf(entry)]++;
    if (old !== group && group.patient !== null) group.fresh.add(entry.id);
    // One that was there keeps its place.
    group.members.set(entry.id, entry);
    this.#touch(group);
    this.#seen[at] = entry;
    this.#groups[at] = group;
  }

  #touch(group: Group): void {
    group.node = null;
    if (group.study) group.study.node = null;
    if (group.patient) group.patient.node = null;
    if (group === this.#aside) this.#asideList = null;
  }

  #groupOf(entry: InstanceEntry): Group {
    const { summary } = entry;
    if (!summary || entry.phase === 'skipped') return entry.phase === 'reading' ? this.#reading : this.#aside;
    let patient = this.#patients.get(summary.patient.key);
    if (!patient) {
      patient = { key: summary.patient.key, first: entry, studies: new Map(), node: null };
      this.#patients.set(patient.key, patient);
    }
    let study = patient.studies.get(summary.study.key);
    if (!study) {
      study = { key: summary.study.key, first: entry, series: new Map(), node: null };
      patient.studies.set(study.key, study);
    }
    let group = study.series.get(summary.series.key);
    if (!group) {
      group = { ...listGroup(), patient, study, key: summary.series.key };
      study.series.set(group.key, group);
    }
    return group;
  }

  #tree(): Tree {
    const patients: PatientNode[] = [];
    for (const patient of this.#patients.values()) {
      patient.node ??= patientNode(patient);
      if (patient.node.total > 0) patients.push(patient.node);
    }
    this.#asideList ??= [...this.#aside.members.values()];
    return {
      patients,
      aside: this.#asideList,
      reading: this.#reading.members.size,
      counts: { ...this.#counts },
      total: this.#seen.length,
    };
  }
}

/** The tree of a list of Instances, made from nothing. */
export const buildTree = (instances: Iterable<InstanceEntry>): Tree => new TreeIndex().update(instances);

function patientNode({ key, first, studies }: Patient): PatientNode {
  const nodes = [...studies.values()]
    .map((study) => (study.node ??= studyNode(key, study)))
    .filter((s) => s.total > 0)
    .sort((a, b) => (a.date < b.date ? -1 : a.date > b.date ? 1 : 0));
  const facts = first.summary?.patient;
  return {
    key: patientKey(key),
    name: facts?.name || folderOf(first),
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

function studyNode(patient: string, { key, first, series }: Study): StudyNode {
  const nodes = [...series.values()]
    .map((group) => (group.node ??= seriesNode(seriesKey(patient, key, group.key), group)))
    .filter((s) => s.total > 0)
    .sort((a, b) => (a.number ?? Infinity) - (b.number ?? Infinity));
  return {
    key: studyKey(patient, key),
    description: first.summary?.study.description ?? '',
    date: first.summary?.study.date ?? '',
    series: nodes,
    ...sums(nodes),
  };
}

/** The members in viewing order: the few that came are put between those that were in order before. */
function inOrder({ members, ordered, fresh, shuffled }: Group): readonly InstanceEntry[] {
  if (shuffled || fresh.size > members.size / 4) return [...members.values()].sort(byNumber);
  const added = [...fresh].flatMap((id) => members.get(id) ?? []).sort(byNumber);
  const all: InstanceEntry[] = [];
  let next = 0;
  for (const before of ordered) {
    const entry = members.get(before.id);
    // Gone, or gone and back.
    if (entry === undefined || fresh.has(before.id)) continue;
    for (let more = added[next]; more && byNumber(more, entry) < 0; more = added[++next]) all.push(more);
    all.push(entry);
  }
  return all.concat(added.slice(next));
}

function seriesNode(key: string, group: Group): SeriesNode {
  const instances = inOrder(group);
  group.ordered = instances;
  group.fresh.clear();
  group.shuffled = false;
  const counts = none();
  for (const entry of instances) counts[stateOf(entry)]++;
  const facts = instances[0]?.summary?.series;
  return {
    key,
    description: facts?.description || fileNameOf(instances),
    modality: facts?.modality ?? '',
    number: facts?.number ?? null,
    instances,
    counts,
    total: instances.length,
  };
}

function sums(nodes: readonly { readonly counts: Counts; readonly total: number }[]): {
  counts: Counts;
  total: number;
} {
  const counts = none();
  let total = 0;
  for (const node of nodes) {
    total += node.total;
    for (const state of Object.keys(counts) as StateKind[]) counts[state] += node.counts[state];
  }
  return { counts, total };
}
