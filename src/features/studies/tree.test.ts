import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { InstanceSummary } from '../../core/pipeline/types';
import type { InstanceEntry } from '../../store';
import { closedAbove, treeRows as layOut, type RowOptions } from './rows';
import { instancesInOrder, seriesOf, worstState, type Tree } from './tree';
import { buildTree, TreeIndex } from './tree-index';

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

const treeRows = (tree: Tree, options: RowOptions) => [...layOut(tree, options)];

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

  it.each([
    ['closed as they come', new Set<string>(), 'all'],
    ['patient and study closed by hand', new Set(['p:Bob', 's:Bob|knee']), 'all'],
    ['closed while filtered', new Set(['p:Bob', 'e:Bob|knee|sagittal']), 'review'],
  ] as const)('says what to open for an image to be seen: %s', (_, toggled, filter) => {
    const options = { ...all, toggled, filter };
    expect(layOut(tree, options).indexOf('b1')).toBe(-1);
    const closed = closedAbove(tree, session[2] ?? entry('b1', null), options);
    expect(closed.length).toBeGreaterThan(0);
    const opened = new Set([...toggled, ...closed].filter((key) => toggled.has(key) !== closed.includes(key)));
    expect(layOut(tree, { ...options, toggled: opened }).indexOf('b1')).toBeGreaterThan(0);
    expect(closedAbove(tree, session[2] ?? entry('b1', null), { ...options, toggled: opened })).toEqual([]);
  });

  it('opens what was set aside for one of its files', () => {
    const options = { ...all, toggled: new Set(['aside']) };
    expect(layOut(tree, options).indexOf('x')).toBe(-1);
    expect(closedAbove(tree, session[4] ?? entry('x', null), options)).toEqual(['aside']);
    expect(closedAbove(tree, entry('r', null, { phase: 'reading' }), options)).toEqual([]);
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
    const rows = layOut(big, { ...all, toggled: open });
    expect(rows).toHaveLength(100_012);
    expect(performance.now() - start).toBeLessThan(5000);
  });

  it('knows where each row lies, and which row lies where', () => {
    const open = new Set(treeRows(tree, all).map((r) => r.key));
    const rows = layOut(tree, { ...all, toggled: new Set([...open].filter((k) => k.startsWith('e:'))) });
    let top = 0;
    [...rows].forEach((row, i) => {
      expect(rows.top(i)).toBe(top);
      expect(rows.indexAt(top)).toBe(i);
      if ('entry' in row) expect(rows.indexOf(row.entry.id)).toBe(i);
      top = i + 1 < rows.length ? rows.top(i + 1) : rows.height;
      expect(rows.indexAt(top - 1)).toBe(i);
    });
    expect(rows.indexAt(-5)).toBe(0);
    expect(rows.indexAt(1e9)).toBe(rows.length - 1);
    expect(rows.indexOf('nobody')).toBe(-1);
    expect(rows.at(rows.length)).toBeUndefined();
  });

  it('kept up to date, is what it would be made from nothing', () => {
    const kinds = fc.constantFrom('reading', 'ready', 'review', 'refused', 'skipped');
    const facts = fc.record({
      patient: fc.constantFrom('Ann', 'Bob'),
      series: fc.constantFrom('one', 'two'),
      number: fc.integer({ min: 1, max: 5 }),
      phase: kinds,
    });
    const made = (id: number, f: { patient: string; series: string; number: number; phase: string }) =>
      entry(
        `i${id}`,
        f.phase === 'reading' || f.phase === 'refused'
          ? null
          : summary(f.patient, `s-${f.patient}`, f.series, f.number),
        { phase: f.phase as InstanceEntry['phase'] },
      );
    fc.assert(
      fc.property(fc.array(fc.array(fc.tuple(fc.integer({ min: 0, max: 12 }), facts), { maxLength: 6 })), (news) => {
        const index = new TreeIndex();
        let instances = new Map<string, InstanceEntry>();
        for (const some of news) {
          instances = new Map(instances);
          for (const [id, f] of some) instances.set(`i${id}`, made(id, f));
          const kept = index.update(instances.values());
          const fresh = buildTree(instances.values());
          expect(kept.counts).toEqual(fresh.counts);
          expect([kept.total, kept.reading]).toEqual([fresh.total, fresh.reading]);
          expect(new Set(kept.aside)).toEqual(new Set(fresh.aside));
          expect(
            instancesInOrder(kept)
              .map((e) => e.id)
              .sort(),
          ).toEqual(
            instancesInOrder(fresh)
              .map((e) => e.id)
              .sort(),
          );
          for (const patient of kept.patients)
            for (const study of patient.studies)
              for (const series of study.series) {
                const numbers = series.instances.map((e) => e.summary?.instance.number ?? Infinity);
                expect(numbers).toEqual([...numbers].sort((a, b) => a - b));
                expect(series.instances.map((e) => e.id)).toEqual(
                  seriesOf(fresh, series.instances[0]?.id ?? '').map((e) => e.id),
                );
              }
        }
        expect(index.update([]).total).toBe(0);
      }),
      { numRuns: 60 },
    );
  });

  it('keeps the nodes of series that nothing happened to', () => {
    const index = new TreeIndex();
    const before = index.update(session);
    const news = session.map((e) => (e.id === 'b1' ? { ...e, phase: 'ready' as const } : e));
    const after = index.update(news);
    expect(after.patients[0]).toBe(before.patients[0]);
    expect(after.patients[1]).not.toBe(before.patients[1]);
    expect(after.counts.review).toBe(0);
  });
});
