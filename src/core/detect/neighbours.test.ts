import { describe, expect, it } from 'vitest';
import { besideOthers } from './neighbours';
import { judge } from './policy';
import type { TextRegion } from './types';

const policy = { policy: 'identifying-and-unknown', keep: [] } as const;
function region(text: string, x: number, y: number, textScore = 0.95): TextRegion {
  const rect = { x, y, width: 9 * text.length, height: 16 };
  return { ...rect, score: 0.95, text, textScore, ...judge({ score: 0.95, text, textScore }, policy) };
}
const actions = (...regions: readonly TextRegion[]) => besideOthers(regions).map(({ action }) => action);

describe('texts beside texts', () => {
  it('a number after a cue is what the cue announces', () => {
    expect(actions(region('ID:', 10, 10), region('47', 60, 10))).toEqual(['redact', 'redact']);
    expect(besideOthers([region('Name', 10, 10), region('Fluffy', 90, 11)])[1]?.reason).toBe('name-cue');
    expect(actions(region('ID:', 10, 10), region('47', 60, 40))).toEqual(['redact', 'keep']);
  });

  it('a number that touches what goes is the rest of it', () => {
    expect(actions(region('M_', 10, 10, 0.6), region('63', 30, 10))).toEqual(['redact', 'redact']);
    expect(actions(region('M_', 10, 10, 0.6), region('63', 90, 10))).toEqual(['redact', 'keep']);
  });

  it('a number behind the name of a setting is its value, whatever stands behind it', () => {
    const next = region('-c assess', 10 + 63 + 27 + 2, 10);
    expect(actions(region('mAs', 10, 10), region('100', 73, 10), next)).toEqual(['keep', 'keep', 'redact']);
    // Without the name the number may be a part of what is not known.
    expect(actions(region('100', 73, 10), next)).toEqual(['redact', 'redact']);
    // The name stays with its value though it was read less well; no other text does.
    expect(actions(region('kV', 10, 10, 0.8), region('120', 73, 10))).toEqual(['keep', 'keep']);
    expect(actions(region('kV', 10, 10, 0.6), region('120', 73, 10))).toEqual(['redact', 'keep']);
    expect(actions(region('kV', 10, 10, 0.8))).toEqual(['redact']);
    expect(actions(region('Weber', 10, 10, 0.8), region('120', 60, 10))[0]).toBe('redact');
    expect(actions(region('ID', 10, 10, 0.8), region('47', 60, 10))[0]).toBe('redact');
    expect(actions(region('mm', 10, 10), region('Chen', 30, 10), region('12', 70, 10))).toEqual([
      'keep',
      'redact',
      'redact',
    ]);
  });

  it('a value with its unit is no end of a date', () => {
    expect(actions(region('C5-1', 10, 10), region('1.06 cm', 90, 10))).toEqual(['keep', 'keep']);
    expect(actions(region('12', 10, 10), region('03.1962', 60, 10))).toContain('redact');
  });

  it('what two texts say together goes', () => {
    expect(actions(region('M', 10, 10), region('63', 90, 10))).toEqual(['redact', 'redact']);
    expect(actions(region('M', 10, 10), region('63', 90, 40))).toEqual(['keep', 'keep']);
    expect(actions(region('G 54%', 10, 10), region('C 5', 90, 10))).toEqual(['keep', 'keep']);
  });

  it('a measurement stays where it is, whatever stands beside it', () => {
    expect(actions(region('Smith', 10, 10), region('15.0 cm', 56, 10))).toEqual(['redact', 'keep']);
    expect(actions(region('2024-03-01', 10, 10), region('Gain 62%', 102, 10))).toEqual(['redact', 'keep']);
  });

  it('a bare number in a block with what identifies goes, elsewhere it stays', () => {
    const date = region('12.03.1962', 10, 30);
    expect(date.action).toBe('redact');
    expect(actions(region('63', 12, 10), date)).toEqual(['redact', 'redact']);
    expect(actions(region('63', 90, 50), date)).toEqual(['redact', 'redact']);
    expect(actions(region('63', 12, 60), date)).toEqual(['keep', 'redact']);
    expect(actions(region('63', 200, 10), date)).toEqual(['keep', 'redact']);
    expect(actions(region('EF 58 %', 12, 10), date)).toEqual(['keep', 'redact']);
  });

  it('never keeps what went', () => {
    const all = [region('Smith', 10, 10), region('ID', 10, 40), region('L', 200, 40), region('12', 10, 70)];
    besideOthers(all).forEach((after, i) => {
      if (all[i]?.action === 'redact') expect(after.action).toBe('redact');
    });
  });
});
