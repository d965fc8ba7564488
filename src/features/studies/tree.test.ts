import { describe, expect, it } from 'vitest';
import type { InstanceSummary } from '../../core/pipeline/types';
import type { InstanceEntry } from '../../store';
import { buildTree, instancesInOrder, seriesOf, treeRows, worstState } from './tree';

const summary = (patient: string, study: string, series: string, number: number, kind: 'dicom' | 'png' = 'dicom') =>
  ({
    kind,
    patient: { key: patient, name: kind === 'dicom' ? patient : '', id: `id-${patient}`, birthDate: '', sex: '' },
    study: { key: study, date: '20240101', time: '', description: study, accession: '' },
    series: { key: series, number: 1, modality: 'CT', description: kind === 'dicom' ? series : '' },
    instance: { uid: '', number, sopClass: '', sopClassName: '' },
    device: { manufacturer: 'Make', model: 'Model' },
    pixels: null,
  }) as unknown as InstanceSummary;

const entry = (id: string, s: InstanceSummary | null, patch: Partial<InstanceEntry> = {}): InstanceEntry => ({
  id,
  path: `folder/${id}`,
  size: 1,
  phase: s ? 'ready' : 'refused',
  summary: s,
  problem: null,
  review: [],
  check: 'not-needed',
  accepted: false,
  letThrough: [],
  excluded: false,
  outcome: null,
  ...patch,
});

const session = [
  entry('a2', summary('Ann', 'chest', 'axial', 2)),
  entry('a1', summary('Ann', 'chest', 'axial', 1)),
  entry('b1', summary('Bob', 'knee', 'sagittal', 1), { phase: 'review' }),
  entry('p1', summary('pics', 'pics', 'pics', 0, 'png')),
  entry('x', null),
];
const all = { toggled: new Set<string>(), search: '', filter: 'all' as const };

describe('tree', () => {
  const tree = buildTree(session);

  it('counts every file once', () => {
    expect(tree.total).toBe(5);
    expect(Object.values(tree.counts).reduce((a, b) => a + b, 0)).toBe(5);
    expect(tree.aside.map((e) => e.id)).toEqual(['x']);
  });

  it('orders images by their number', () => {
    expect(instancesInOrder(tree).map((e) => e.id)).toEqual(['a1', 'a2', 'b1', 'p1']);
    expect(seriesOf(tree, 'a2').map((e) => e.id)).toEqual(['a1', 'a2']);
    expect(seriesOf(tree, 'nobody')).toEqual([]);
  });

  it('calls plain images by folder and file', () => {
    expect(tree.patients[2]?.name).toBe('folder');
    expect(tree.patients[2]?.studies[0]?.series[0]?.description).toBe('p1');
  });

  it('shows series closed, and their images when opened', () => {
    const rows = treeRows(tree, all);
    expect(rows.filter((r) => r.kind === 'series')).toHaveLength(3);
    expect(rows.some((r) => r.kind === 'instance')).toBe(false);
    const key = rows.find((r) => r.kind === 'series')?.key ?? '';
    const opened = treeRows(tree, { ...all, toggled: new Set([key]) });
    expect(opened.filter((r) => r.kind === 'instance').map((r) => r.key)).toEqual(['a1', 'a2']);
  });

  it('finds by name, and by state', () => {
    expect(treeRows(tree, { ...all, search: 'ann' }).filter((r) => r.kind === 'instance')).toHaveLength(2);
    expect(
      treeRows(tree, { ...all, filter: 'review' })
        .filter((r) => r.kind === 'instance')
        .map((r) => r.key),
    ).toEqual(['b1']);
    expect(treeRows(tree, { ...all, search: 'nobody' })).toEqual([]);
  });

  it('says what needs a person first', () => {
    expect(worstState({ working: 1, ready: 5, review: 1, refused: 1, skipped: 0 })).toBe('review');
    expect(worstState({ working: 0, ready: 0, review: 0, refused: 0, skipped: 3 })).toBe('skipped');
  });

  it('holds 100,000 images without a stumble', () => {
    const many = Array.from({ length: 100_000 }, (_, i) => entry(`m${i}`, summary('Ann', 'chest', `s${i % 10}`, i)));
    const start = performance.now();
    const big = buildTree(many);
    const open = new Set(big.patients[0]?.studies[0]?.series.map((s) => s.key));
    expect(treeRows(big, { ...all, toggled: open })).toHaveLength(100_012);
    expect(performance.now() - start).toBeLessThan(5000);
  });
});
