import { describe, expect, it, vi } from 'vitest';
import type { Region } from '../../core/detect/types';
import { Batcher } from './batcher';
import { reviewReasons } from './check';
import { afterExport } from './export';
import { regionsRevision } from './images';
import { Lru } from './lru';
import { sameBytes } from './same-bytes';

const region = (patch: Partial<Region>): Region => ({
  id: 'r',
  x: 1,
  y: 2,
  width: 3,
  height: 4,
  origin: 'found',
  frame: 0,
  action: 'redact',
  score: 0.9,
  textClass: 'identifying',
  ...patch,
});

describe('lru', () => {
  it('drops the oldest beyond its budget, and what is used stays', () => {
    const lru = new Lru<number>(10, (n) => n);
    lru.set('a', 4);
    lru.set('b', 4);
    lru.get('a');
    lru.set('c', 4);
    expect([lru.get('a'), lru.get('b'), lru.get('c'), lru.cost]).toEqual([4, undefined, 4, 8]);
  });

  it('keeps one that is larger than the budget while it is the last', () => {
    const lru = new Lru<number>(10, (n) => n);
    lru.set('huge', 99);
    expect(lru.get('huge')).toBe(99);
    lru.set('small', 1);
    expect(lru.get('huge')).toBeUndefined();
  });
});

describe('batcher', () => {
  it('hands on once what came in a moment', () => {
    vi.useFakeTimers();
    const seen: ReadonlyMap<string, number>[] = [];
    const batcher = new Batcher<string, number>(
      (m) => seen.push(m),
      (a, b) => a + b,
      100,
    );
    batcher.add('a', 1);
    batcher.add('a', 2);
    batcher.add('b', 5);
    vi.advanceTimersByTime(99);
    expect(seen).toEqual([]);
    vi.advanceTimersByTime(1);
    expect(seen).toEqual([
      new Map([
        ['a', 3],
        ['b', 5],
      ]),
    ]);
    vi.useRealTimers();
  });
});

describe('review', () => {
  it('is asked for when text stays that nobody understood, or is unsure', () => {
    expect(reviewReasons([region({})])).toEqual([]);
    expect(reviewReasons([region({ action: 'keep', textClass: 'unknown' })])).toEqual(['unsure-text']);
    expect(reviewReasons([region({ score: 0.2 })])).toEqual(['unsure-text']);
    expect(reviewReasons([region({ action: 'keep', textClass: 'marker' })])).toEqual([]);
    expect(reviewReasons(Array.from({ length: 61 }, () => region({})))).toEqual(['many-regions']);
  });
});

describe('preview', () => {
  it('depends on where and how, not on words or order', () => {
    const a = region({ id: 'a' });
    const b = region({ id: 'b', x: 50 });
    expect(regionsRevision([a, b], 0, 'blur')).toBe(regionsRevision([b, { ...a, text: 'said' }], 0, 'blur'));
    expect(regionsRevision([a], 0, 'blur')).not.toBe(regionsRevision([a], 0, 'solid'));
    expect(regionsRevision([{ ...a, action: 'keep' }], 0, 'blur')).toBe(regionsRevision([], 0, 'blur'));
    expect(regionsRevision([a], 1, 'blur')).toBe(regionsRevision([], 1, 'blur'));
    expect(regionsRevision([{ ...a, frame: 'all' }], 1, 'blur')).toBe(regionsRevision([a], 0, 'blur'));
  });
});

describe('after an export', () => {
  const outcome = { index: 0, outputPath: null, findings: [], regions: [], counts: {}, sizeIn: 1, sizeOut: 0 };
  it('holds back what waits, and forgets that it was accepted', () => {
    const patch = afterExport({ ...outcome, status: 'needs-review', code: 'codec-failed' });
    expect(patch).toMatchObject({ phase: 'review', accepted: false, review: ['gate'] });
  });
  it('leaves what was cancelled or taken out as it was', () => {
    // Not even the findings of the export before: accepting them still needs a reason.
    expect(afterExport({ ...outcome, status: 'skipped', code: 'cancelled' })).toEqual({});
    expect(afterExport({ ...outcome, status: 'skipped', code: 'excluded' })).toEqual({});
    expect(afterExport({ ...outcome, status: 'skipped', code: 'not-an-image' }).phase).toBe('skipped');
  });
});

describe('duplicates', () => {
  it('are the same in every byte', async () => {
    const { signal } = new AbortController();
    const bytes = new Uint8Array(3_000_000).fill(7);
    const other = bytes.slice();
    other[2_999_999] = 8;
    expect(await sameBytes(new Blob([bytes]), new Blob([bytes]), signal)).toBe(true);
    expect(await sameBytes(new Blob([bytes]), new Blob([other]), signal)).toBe(false);
    expect(await sameBytes(new Blob([bytes]), new Blob([bytes.slice(1)]), signal)).toBe(false);
  });
});
