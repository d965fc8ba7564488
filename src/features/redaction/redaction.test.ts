import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Rect } from '../../core/pixels/types';
import { handles, moveRect, rectBetween, resizeRect, scaleRect } from './geometry';
import {
  draftOf,
  hitTest,
  idleRegionTool,
  regionToolStep,
  type RegionToolEvent,
  type RegionToolState,
} from './region-tool';

const bounds = { width: 200, height: 100 };
const point = fc.record({
  x: fc.double({ min: -50, max: 300, noNaN: true }),
  y: fc.double({ min: -50, max: 200, noNaN: true }),
});
const rect = fc
  .record({
    x: fc.integer({ min: 0, max: 199 }),
    y: fc.integer({ min: 0, max: 99 }),
    w: fc.integer({ min: 1, max: 200 }),
    h: fc.integer({ min: 1, max: 100 }),
  })
  .map(({ x, y, w, h }): Rect => ({ x, y, width: Math.min(w, 200 - x), height: Math.min(h, 100 - y) }));

const isInside = ({ x, y, width, height }: Rect) =>
  [x, y, width, height].every(Number.isInteger) &&
  x >= 0 &&
  y >= 0 &&
  width > 0 &&
  height > 0 &&
  x + width <= 200 &&
  y + height <= 100;

describe('geometry', () => {
  it('draws rectangles of whole pixels inside the image, the same from either corner', () => {
    fc.assert(
      fc.property(point, point, (a, b) => {
        const drawn = rectBetween(a, b, bounds);
        expect(drawn === null || isInside(drawn)).toBe(true);
        expect(rectBetween(b, a, bounds)).toEqual(drawn);
      }),
    );
  });

  it('covers every pixel that the drag touched', () => {
    expect(rectBetween({ x: 10.9, y: 5.1 }, { x: 20.1, y: 6.2 }, bounds)).toEqual({
      x: 10,
      y: 5,
      width: 11,
      height: 2,
    });
  });

  it('keeps size and bounds when moved', () => {
    fc.assert(
      fc.property(rect, point, (r, by) => {
        const moved = moveRect(r, by.x, by.y, bounds);
        expect(isInside(moved)).toBe(true);
        expect([moved.width, moved.height]).toEqual([r.width, r.height]);
      }),
    );
  });

  it('stays a rectangle inside the image whatever handle is dragged wherever', () => {
    fc.assert(
      fc.property(rect, fc.constantFrom(...handles), point, (r, handle, by) => {
        expect(isInside(resizeRect(r, handle, by.x, by.y, bounds))).toBe(true);
      }),
    );
  });

  it('moves only the sides of its handle', () => {
    const r = { x: 50, y: 40, width: 20, height: 10 };
    expect(resizeRect(r, 'e', 5, 99, bounds)).toEqual({ ...r, width: 25 });
    expect(resizeRect(r, 'nw', -5, -2, bounds)).toEqual({ x: 45, y: 38, width: 25, height: 12 });
  });

  it('turns inside out when a side is dragged over its opposite', () => {
    expect(resizeRect({ x: 50, y: 40, width: 20, height: 10 }, 'e', -30, 0, bounds)).toEqual({
      x: 40,
      y: 40,
      width: 10,
      height: 10,
    });
  });

  it('scales to another size and stays inside it', () => {
    fc.assert(
      fc.property(rect, fc.integer({ min: 1, max: 4000 }), fc.integer({ min: 1, max: 4000 }), (r, width, height) => {
        const to = scaleRect(r, bounds, { width, height });
        expect(to.x >= 0 && to.y >= 0 && to.width > 0 && to.height > 0).toBe(true);
        expect(to.x + to.width <= width && to.y + to.height <= height).toBe(true);
      }),
    );
  });
});

describe('region tool', () => {
  const run = (events: readonly RegionToolEvent[]) => {
    let state: RegionToolState = idleRegionTool;
    const effects: unknown[] = [];
    for (const event of events) {
      const step = regionToolStep(state, event, { bounds, slop: 2 });
      state = step.state;
      effects.push(...step.effects);
    }
    return { state, effects };
  };
  const target = { id: 'r', x: 10, y: 10, width: 20, height: 10 };

  it('draws', () => {
    const { state, effects } = run([
      { type: 'down', at: { x: 5, y: 5 }, hit: { on: 'nothing' } },
      { type: 'move', at: { x: 25, y: 15 } },
      { type: 'up' },
    ]);
    expect(state).toEqual(idleRegionTool);
    expect(effects).toEqual([{ do: 'add', rect: { x: 5, y: 5, width: 20, height: 10 } }]);
  });

  it('takes a click on nothing for leaving the region', () => {
    const { effects } = run([
      { type: 'down', at: { x: 5, y: 5 }, hit: { on: 'nothing' } },
      { type: 'move', at: { x: 6, y: 5 } },
      { type: 'up' },
    ]);
    expect(effects).toEqual([{ do: 'select', id: null }]);
  });

  it('selects at once and moves after the slop', () => {
    const { effects } = run([
      { type: 'down', at: { x: 15, y: 15 }, hit: { on: 'region', target } },
      { type: 'move', at: { x: 25, y: 18 } },
      { type: 'up' },
    ]);
    expect(effects).toEqual([
      { do: 'select', id: 'r' },
      { do: 'move', id: 'r', rect: { x: 20, y: 13, width: 20, height: 10 } },
    ]);
  });

  it('resizes by a handle', () => {
    const { effects } = run([
      { type: 'down', at: { x: 30, y: 20 }, hit: { on: 'handle', target, handle: 'se' } },
      { type: 'move', at: { x: 40, y: 30 } },
      { type: 'up' },
    ]);
    expect(effects.at(-1)).toEqual({ do: 'resize', id: 'r', rect: { x: 10, y: 10, width: 30, height: 20 } });
  });

  it('does nothing when cancelled', () => {
    const { state, effects } = run([
      { type: 'down', at: { x: 5, y: 5 }, hit: { on: 'nothing' } },
      { type: 'move', at: { x: 50, y: 50 } },
      { type: 'cancel' },
      { type: 'up' },
    ]);
    expect(state).toEqual(idleRegionTool);
    expect(effects).toEqual([]);
  });

  it('shows what is in the making', () => {
    const { state } = run([
      { type: 'down', at: { x: 5, y: 5 }, hit: { on: 'nothing' } },
      { type: 'move', at: { x: 9, y: 9 } },
    ]);
    expect(draftOf(state)).toEqual({ id: null, rect: { x: 5, y: 5, width: 4, height: 4 } });
  });

  it('hits the selected one’s handles first, then the smallest region', () => {
    const large = { id: 'large', x: 0, y: 0, width: 100, height: 100 };
    expect(hitTest({ x: 12, y: 12 }, [large, target], null, 2)).toEqual({ on: 'region', target });
    expect(hitTest({ x: 101, y: 101 }, [large, target], 'large', 2)).toEqual({
      on: 'handle',
      target: large,
      handle: 'se',
    });
    expect(hitTest({ x: 150, y: 50 }, [large, target], null, 2)).toEqual({ on: 'nothing' });
  });
});
