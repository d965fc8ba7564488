/** Patient › study › series › Instance, as the panel shows it. Made by tree-index.ts. */
import type { InstanceEntry, InstanceId, StateKind } from '../../store';

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

/** The one word for many: what needs a person first. */
export function worstState(counts: Counts): StateKind {
  if (counts.review > 0) return 'review';
  if (counts.working > 0) return 'working';
  if (counts.refused > 0) return 'refused';
  if (counts.ready > 0) return 'ready';
  return 'skipped';
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
