import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bounds, corners, smallestRect, toPixels, uprightCover, type Point } from './geometry';

const point = fc.record({ x: fc.integer({ min: -200, max: 200 }), y: fc.integer({ min: -200, max: 200 }) });

function insideOriented(rect: ReturnType<typeof smallestRect>, { x, y }: Point): boolean {
  const [dx, dy] = [x - rect.center.x, y - rect.center.y];
  const along = dx * Math.cos(rect.angle) + dy * Math.sin(rect.angle);
  const across = dy * Math.cos(rect.angle) - dx * Math.sin(rect.angle);
  return Math.abs(along) <= rect.width / 2 + 1e-6 && Math.abs(across) <= rect.height / 2 + 1e-6;
}

describe('smallest rectangle', () => {
  it('holds every point and is no larger than the upright one', () => {
    fc.assert(
      fc.property(fc.array(point, { minLength: 1, maxLength: 40 }), (points) => {
        const rect = smallestRect(points);
        const upright = bounds(points);
        expect(points.every((p) => insideOriented(rect, p))).toBe(true);
        expect(rect.width * rect.height).toBeLessThanOrEqual(upright.width * upright.height + 1e-6);
        expect(rect.width).toBeGreaterThanOrEqual(rect.height);
      }),
    );
  });

  it('finds the angle of a slanting line', () => {
    const slanted = { center: { x: 50, y: 40 }, width: 100, height: 12, angle: 0.5 };
    const found = smallestRect(corners(slanted));
    expect(found.angle).toBeCloseTo(0.5);
    expect(found.width).toBeCloseTo(100);
    expect(found.height).toBeCloseTo(12);
  });
});

describe('upright cover', () => {
  it('covers every point of the rectangle, and little else when it slants', () => {
    fc.assert(
      fc.property(
        fc.double({ min: -1.5, max: 1.5, noNaN: true }),
        fc.integer({ min: 20, max: 300 }),
        (angle, width) => {
          const rect = { center: { x: 0, y: 0 }, width, height: 14, angle };
          const cover = uprightCover(rect);
          for (let i = 0; i <= 20; i++)
            for (let j = 0; j <= 4; j++) {
              const [along, across] = [(i / 20 - 0.5) * width, (j / 4 - 0.5) * 14];
              const x = along * Math.cos(angle) - across * Math.sin(angle);
              const y = along * Math.sin(angle) + across * Math.cos(angle);
              expect(
                cover.some(
                  (r) => x >= r.x - 1e-6 && y >= r.y - 1e-6 && x <= r.x + r.width + 1e-6 && y <= r.y + r.height + 1e-6,
                ),
              ).toBe(true);
            }
          const area = cover.reduce((sum, r) => sum + r.width * r.height, 0);
          expect(area).toBeLessThan(3.2 * width * 14 + 800);
        },
      ),
    );
  });
});

describe('whole pixels', () => {
  it('rounds outwards and stays inside the image', () => {
    expect(toPixels({ x: -3.2, y: 1.5, width: 10, height: 3 }, 100, 100)).toEqual({ x: 0, y: 1, width: 7, height: 4 });
    expect(toPixels({ x: 120, y: 1, width: 10, height: 3 }, 100, 100)).toBeNull();
  });
});
