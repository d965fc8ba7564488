/** What consoles draw that is not text, and shapes of bodies that look like it: the verifier must learn to let them be. */
import type { Random } from './synthetic';

interface Canvas {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8Array;
}

type Draw = (canvas: Canvas, next: Random, level: number) => void;

const shapes: Readonly<Record<string, Draw>> = {
  ruler(canvas, next, level) {
    const [upright, step, at] = [next() < 0.5, 3 + Math.floor(next() * 14), next()];
    const length = upright ? canvas.height : canvas.width;
    const across = Math.floor(at * (upright ? canvas.width : canvas.height));
    const long = 2 + Math.floor(next() * 8);
    for (let i = 0; i < length; i += step)
      for (let k = 0; k < (i % (step * 5) === 0 ? 2 * long : long); k++)
        dot(canvas, upright ? across + k : i, upright ? i : across + k, level, false);
  },
  line(canvas, next, level) {
    const [x0, y0, x1, y1] = [next(), next(), next(), next()];
    stroke(canvas, x0 * canvas.width, y0 * canvas.height, x1 * canvas.width, y1 * canvas.height, level, next() < 0.4);
  },
  dashes(canvas, next, level) {
    const [y, step] = [next() * canvas.height, 4 + 8 * next()];
    const slope = (next() - 0.5) * 1.5;
    for (let x = 0; x < canvas.width; x += step)
      stroke(canvas, x, y + x * slope, x + step / 2, y + (x + step / 2) * slope, level, false);
  },
  arc(canvas, next, level) {
    const [cx, cy] = [next() * canvas.width, next() * canvas.height];
    const radius = 2 + next() ** 2 * canvas.width;
    const [from, span] = [next() * 6.3, 0.5 + next() * 6];
    const thick = next() < 0.3;
    for (let a = from; a < from + span; a += 0.7 / radius)
      dot(canvas, cx + radius * Math.cos(a), cy + radius * Math.sin(a), level, thick);
  },
  trace(canvas, next, level) {
    // A heart's electric curve.
    const [base, beat, peak] = [canvas.height * (0.3 + 0.5 * next()), 12 + next() * 40, canvas.height * 0.5 * next()];
    let before = base;
    for (let x = 0; x < canvas.width; x++) {
      const phase = (x % beat) / beat;
      const up = phase < 0.06 ? phase / 0.06 : phase < 0.12 ? (0.12 - phase) / 0.06 : 0;
      const wave = phase > 0.3 && phase < 0.5 ? 0.2 * Math.sin(((phase - 0.3) / 0.2) * Math.PI) : 0;
      const y = base - peak * (up + wave) + next() - 0.5;
      stroke(canvas, x - 1, before, x, y, level, false);
      before = y;
    }
  },
  cross(canvas, next, level) {
    const [x, y, size] = [next() * canvas.width, next() * canvas.height, 2 + next() * 6];
    const turned = next() < 0.4 ? size : 0;
    stroke(canvas, x - size, y - turned, x + size, y + turned, level, false);
    stroke(canvas, x + turned, y - size, x - turned, y + size, level, false);
  },
  arrow(canvas, next, level) {
    const [x, y, size, angle] = [next() * canvas.width, next() * canvas.height, 3 + next() * 9, next() * 6.3];
    const at = (a: number, r: number): readonly [number, number] => [
      x + r * Math.cos(angle + a),
      y + r * Math.sin(angle + a),
    ];
    fillPolygon(
      canvas,
      [at(0, size), at(2.3, size), at(next() < 0.5 ? Math.PI : 2.31, size * 0.4), at(-2.3, size)],
      level,
    );
  },
  bar(canvas, next) {
    const [x, y] = [Math.floor(next() * canvas.width), Math.floor(next() * canvas.height * 0.5)];
    const [width, height] = [3 + Math.floor(next() * 20), 10 + Math.floor(next() * canvas.height)];
    for (let i = 0; i < height; i++)
      for (let k = 0; k < width; k++) dot(canvas, x + k, y + i, (255 * i) / height, false);
  },
  dots(canvas, next, level) {
    const [step, slope, y] = [5 + next() * 14, (next() - 0.5) * 2, next() * canvas.height];
    const thick = next() < 0.5;
    for (let x = 0; x < canvas.width; x += step) dot(canvas, x, y + slope * x, level, thick);
  },
  vessels(canvas, next, level) {
    for (let branch = 0; branch < 3 + next() * 6; branch++) {
      let [x, y, a] = [next() * canvas.width, next() * canvas.height, next() * 6.3];
      for (let i = 0; i < 8 + next() * 30; i++) {
        a += (next() - 0.5) * 1.1;
        const [tx, ty] = [x + 2 * Math.cos(a), y + 2 * Math.sin(a)];
        stroke(canvas, x, y, tx, ty, level * (0.6 + 0.4 * next()), next() < 0.7);
        [x, y] = [tx, ty];
      }
    }
  },
  blobs(canvas, next, level) {
    for (let i = 0; i < 1 + next() * 5; i++) {
      const [cx, cy] = [next() * canvas.width, next() * canvas.height];
      const [rx, ry] = [1 + next() * canvas.width * 0.2, 1 + next() * canvas.height * 0.2];
      const hollow = next() < 0.4 ? 0.6 : 0;
      for (let y = Math.floor(cy - ry); y < cy + ry; y++)
        for (let x = Math.floor(cx - rx); x < cx + rx; x++) {
          const r = ((x - cx) / rx) ** 2 + ((y - cy) / ry) ** 2;
          if (r < 1 && r >= hollow) dot(canvas, x, y, level - 20 * next(), false);
        }
    }
  },
};

const names = Object.keys(shapes);

/** @returns the name of the last shape */
export function drawClutter(canvas: Canvas, next: Random, count: number): string {
  let name = '';
  for (let i = 0; i < count; i++) {
    name = names[Math.floor(next() * names.length)] ?? '';
    shapes[name]?.(canvas, next, next() < 0.75 ? 150 + 105 * next() : 60 * next());
  }
  return name;
}

function dot({ width, height, data }: Canvas, x: number, y: number, level: number, thick: boolean): void {
  for (const [px, py] of thick
    ? ([
        [x, y],
        [x + 1, y],
        [x, y + 1],
        [x + 1, y + 1],
      ] as const)
    : ([[x, y]] as const)) {
    const [ix, iy] = [Math.floor(px), Math.floor(py)];
    if (ix >= 0 && iy >= 0 && ix < width && iy < height) data[iy * width + ix] = level;
  }
}

function stroke(canvas: Canvas, x0: number, y0: number, x1: number, y1: number, level: number, thick: boolean): void {
  const steps = Math.max(1, Math.ceil(Math.max(Math.abs(x1 - x0), Math.abs(y1 - y0))));
  for (let i = 0; i <= steps; i++)
    dot(canvas, x0 + ((x1 - x0) * i) / steps, y0 + ((y1 - y0) * i) / steps, level, thick);
}

function fillPolygon(canvas: Canvas, points: readonly (readonly [number, number])[], level: number): void {
  const ys = points.map(([, y]) => y);
  for (let y = Math.floor(Math.min(...ys)); y <= Math.max(...ys); y++) {
    const crossings: number[] = [];
    points.forEach(([x0, y0], i) => {
      const [x1, y1] = points[(i + 1) % points.length] ?? [0, 0];
      if (y0 <= y !== y1 <= y) crossings.push(x0 + ((y - y0) / (y1 - y0)) * (x1 - x0));
    });
    crossings.sort((a, b) => a - b);
    for (let i = 0; i + 1 < crossings.length; i += 2)
      for (let x = crossings[i] ?? 0; x <= (crossings[i + 1] ?? 0); x++) dot(canvas, x, y, level, false);
  }
}
