import { describe, expect, it } from 'vitest';
import type { InstanceEntry } from '../../store';
import { MessageRows } from './message-rows';

const entry = (id: string, phase: string, code: string | null): InstanceEntry =>
  ({ id, phase, problem: code === null ? null : { code, message: '' }, excluded: false }) as unknown as InstanceEntry;

describe('messages about files', () => {
  const rows = new MessageRows([
    entry('a', 'ready', null),
    entry('b', 'skipped', 'duplicate'),
    entry('c', 'skipped', 'duplicate'),
    entry('d', 'refused', 'truncated'),
    entry('e', 'review', 'model-unavailable'),
  ]);

  it('say each cause once, the pressing ones first, with its files below', () => {
    const said = Array.from({ length: rows.length }, (_, i) => rows.at(i)).map((row) =>
      row?.kind === 'cause' ? `${row.code} ×${row.count}` : row?.entry.id,
    );
    expect(said).toEqual(['model-unavailable ×1', 'e', 'truncated ×1', 'd', 'duplicate ×2', 'b', 'c']);
  });

  it('lie below each other without a gap', () => {
    for (let i = 0; i < rows.length; i++) {
      expect(rows.indexAt(rows.top(i))).toBe(i);
      expect(rows.indexAt((i + 1 < rows.length ? rows.top(i + 1) : rows.height) - 1)).toBe(i);
    }
    expect(new MessageRows([]).at(0)).toBeUndefined();
  });
});
