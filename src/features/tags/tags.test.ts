import { describe, expect, it } from 'vitest';
import type { ElementPath } from '../../core/dicom/data-set';
import type { PlanRow } from '../../core/deid/plan';
import { basicProfile } from '../../core/deid/profile';
import { planDifference } from '../profile/effect';
import { actionCounts, diffRows } from './diff';
import { canOverride, overrideOf, weakens, withOverride } from './override';

const row = (path: ElementPath, name: string, patch: Partial<PlanRow> = {}): PlanRow => ({
  path,
  tag: path.at(-1)?.tag ?? 0,
  vr: 'LO',
  keyword: name.replaceAll(' ', ''),
  name,
  action: 'K',
  rule: { source: 'default' },
  depth: path.length - 1,
  before: 'x',
  after: 'x',
  changed: false,
  ...patch,
});
const removed = (path: ElementPath, name: string): PlanRow => ({
  path,
  tag: path.at(-1)?.tag ?? 0,
  vr: 'LO',
  keyword: name.replaceAll(' ', ''),
  name,
  action: 'X',
  rule: { source: 'table', code: 'X' },
  depth: path.length - 1,
  before: 'x',
  changed: true,
});

const sequence = 0x00081140;
const rows = [
  row([{ tag: 0x00080060 }], 'Modality'),
  row([{ tag: sequence }], 'Referenced Image Sequence', { vr: 'SQ' }),
  row([{ tag: sequence, item: 0 }, { tag: 0x00081150 }], 'Referenced SOP Class UID'),
  removed([{ tag: sequence, item: 1 }, { tag: 0x00081155 }], 'Referenced SOP Instance UID'),
  removed([{ tag: 0x00100010 }], 'Patient Name'),
];
const open = { search: '', changedOnly: false, folded: new Set<string>() };

describe('tag diff', () => {
  it('shows items of sequences', () => {
    expect(diffRows(rows, open).map((r) => (r.kind === 'item' ? `item ${r.index}` : r.row.name))).toEqual([
      'Modality',
      'Referenced Image Sequence',
      'item 0',
      'Referenced SOP Class UID',
      'item 1',
      'Referenced SOP Instance UID',
      'Patient Name',
    ]);
  });

  it('folds', () => {
    expect(diffRows(rows, { ...open, folded: new Set(['(0008,1140)']) })).toHaveLength(3);
  });

  it('shows what changes with the sequences it lies in', () => {
    const names = diffRows(rows, { ...open, changedOnly: true }).flatMap((r) => (r.kind === 'item' ? [] : r.row.name));
    expect(names).toEqual(['Referenced Image Sequence', 'Referenced SOP Instance UID', 'Patient Name']);
  });

  it('finds by name, tag and value', () => {
    for (const search of ['patient', '(0010,0010)', '00100010', 'PatientName']) {
      expect(diffRows(rows, { ...open, search })).toHaveLength(1);
    }
    expect(diffRows(rows, { ...open, search: 'nothing like it' })).toEqual([]);
  });

  it('counts', () => {
    expect(actionCounts(rows)).toEqual({ removed: 2, changed: 0, kept: 3 });
  });
});

describe('overrides', () => {
  it('come and go', () => {
    const kept = withOverride(basicProfile, 0x00100010, 'K');
    expect(overrideOf(kept, 0x00100010)).toBe('K');
    expect(withOverride(kept, 0x00100010, 'X').overrides).toHaveLength(1);
    expect(withOverride(kept, 0x00100010, null).overrides).toEqual([]);
  });

  it('warn when something is let through', () => {
    expect(weakens(removed([{ tag: 0x00100010 }], 'Patient Name'), 'K')).toBe(true);
    expect(weakens(removed([{ tag: 0x00100010 }], 'Patient Name'), 'Z')).toBe(false);
    expect(weakens(row([{ tag: 0x00080060 }], 'Modality'), 'K')).toBe(false);
  });

  it('leave alone what must be true', () => {
    expect(canOverride(row([{ tag: 0x00120062 }], 'x', { rule: { source: 'deid-method' } }))).toBe(false);
  });
});

describe('effect of a profile', () => {
  it('names what leaves otherwise', () => {
    const other = rows.map((r) => (r.name === 'Patient Name' ? row(r.path, r.name, { after: 'ANON' }) : r));
    expect(planDifference(rows, other)).toEqual([
      { path: '(0010,0010)', name: 'Patient Name', before: null, after: 'ANON' },
    ]);
    expect(planDifference(rows, rows)).toEqual([]);
  });
});
