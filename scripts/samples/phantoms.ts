/** Anatomy drawn by formulas: nobody's images, but close enough to try the program on. */
import { Canvas, gaussian, random, smooth, valueNoise } from './canvas';

/** 1 inside the ellipse, 0 outside, soft over `edge` (in units of its radii' mean). */
function ellipse(x: number, y: number, cx: number, cy: number, rx: number, ry: number, edge = 1): number {
  const d = Math.hypot((x - cx) / rx, (y - cy) / ry);
  const soft = edge / Math.min(rx, ry);
  return 1 - smooth(1 - soft, 1 + soft, d);
}

const mix = (a: number, b: number, t: number): number => a + (b - a) * t;

/** An axial slice through a chest, Hounsfield units. `z` in millimetres from the heart's middle. */
export function ctSlice(size: number, z: number, seed: number): Canvas {
  const canvas = new Canvas(size, size, 1);
  const noise = gaussian(seed);
  const texture = valueNoise(77);
  const mm = 360 / size;
  const heart = Math.max(0.25, 1 - Math.abs(z) / 75);
  for (let j = 0; j < size; j++) {
    for (let i = 0; i < size; i++) {
      const x = (i - size / 2) * mm;
      const y = (j - size / 2) * mm + 6;
      let hu = -1000;
      // The table under the patient.
      const table = 124 + (x * x) / 1400 - y;
      if (Math.abs(x) < 165)
        hu = mix(hu, 60, Math.max(0, 1 - Math.abs(table) / 1.2) + Math.max(0, 1 - Math.abs(table + 14) / 1.2));
      const theta = Math.atan2(y / 108, x / 158);
      const radius = Math.hypot(x / 158, y / 108) * (1 + 0.02 * Math.cos(4 * theta));
      const body = 1 - smooth(0.994, 1.006, radius);
      if (body > 0) {
        let tissue = -105 + 14 * texture(x / 6, y / 6);
        const wall = 1 - smooth(0.865, 0.885, radius + 0.015 * texture(theta * 9, z / 9));
        tissue = mix(tissue, 52, wall);
        // Ribs: the shell of the chest wall, cut obliquely.
        const rib =
          smooth(0.45, 0.75, Math.cos(9 * theta + z / 11)) * (1 - smooth(0.026, 0.034, Math.abs(radius - 0.825)));
        tissue = mix(
          tissue,
          320 + 260 * smooth(0.016, 0.028, Math.abs(radius - 0.825)),
          rib * (Math.abs(x) > 25 ? 1 : 0),
        );
        for (const side of [-1, 1]) {
          const grow = 1 - Math.abs(z) / 400;
          const lung =
            ellipse(x, y, side * 76, 4, 56 * grow, 76 * grow, 1.4) * (1 - ellipse(x, y, side * 20, 20, 34, 70, 2));
          if (lung <= 0) continue;
          const fromHilum = Math.hypot(x - side * 42, y - 8);
          const branch = texture(x / 5 + z / 9, y / 5 - z / 11 + side * 40);
          const vessel = smooth(0.44 + fromHilum / 260, 0.62 + fromHilum / 260, branch) * smooth(100, 25, fromHilum);
          tissue = mix(tissue, -860 + 40 * texture(x / 3, y / 3) + 780 * vessel, lung);
        }
        tissue = mix(tissue, 48, ellipse(x, y, 16, -26, 54 * heart + 6, 44 * heart + 6));
        tissue = mix(tissue, 265, ellipse(x, y, 38, -12, 24 * heart, 18 * heart, 2));
        tissue = mix(tissue, 215, ellipse(x, y, -4, -44, 26 * heart, 15 * heart, 2));
        tissue = mix(tissue, 240, ellipse(x, y, -22, -12, 17 * heart, 17 * heart, 2));
        tissue = mix(tissue, 310, ellipse(x, y, 24, 46, 12.5, 12.5));
        tissue = mix(tissue, 720, ellipse(x, y, 34, 51, 1.8, 3.2, 0.8));
        tissue = mix(tissue, -500, ellipse(x, y, 6, 42, 3, 2.4, 0.8));
        tissue = mix(tissue, -950, ellipse(x, y, 0, 16, z > 20 ? 9 : 0.01, z > 20 ? 8 : 0.01, 0.8));
        const vertebra = ellipse(x, y, 0, 66, 21, 16);
        tissue = mix(tissue, mix(620, 190 + 60 * texture(x / 2, y / 2), ellipse(x, y, 0, 66, 18.5, 13.5)), vertebra);
        const arch = ellipse(x, y, 0, 90, 17, 13) * (1 - ellipse(x, y, 0, 88, 9.5, 8.5));
        tissue = mix(tissue, 480, arch);
        tissue = mix(tissue, 28, ellipse(x, y, 0, 88, 9, 8));
        tissue = mix(tissue, 450, ellipse(x, y, 0, 106 - 4, 4, 13));
        tissue = mix(tissue, 330, ellipse(x, y, 0, -93, 19, 5.5));
        tissue = mix(tissue, 25, smooth(0.985, 0.992, radius));
        hu = mix(hu, tissue, body);
      }
      const n = j * size + i;
      const grain = noise[(n * 7 + seed * 131) & 65535]! + 0.6 * noise[(n * 7 + 7 + seed * 131) & 65535]!;
      canvas.data[n] = Math.max(-1024, hu + grain * (hu < -900 ? 7 : 13));
    }
  }
  return canvas;
}

/** A chest radiograph, 12 bit, bright where dense. */
export function chestRadiograph(width: number, height: number): Canvas {
  const canvas = new Canvas(width, height, 1);
  const noise = gaussian(5);
  const texture = valueNoise(9);
  for (let j = 0; j < height; j++) {
    for (let i = 0; i < width; i++) {
      const x = (i / width - 0.5) * 400;
      const y = (j / height) * 450;
      const torso = 1 - smooth(150 + 25 * smooth(180, 60, y), 172 + 32 * smooth(180, 60, y), Math.abs(x));
      const neck = 1 - smooth(55, 62 + 90 * smooth(20, 70, y), Math.abs(x));
      const flesh = Math.max(torso * smooth(30, 75, y + Math.abs(x) * 0.12), neck);
      let v = 240 + 1500 * flesh + 260 * smooth(60, 0, Math.abs(x)) * flesh;
      for (const side of [-1, 1]) {
        const top = 62;
        const dome = (side > 0 ? 318 : 305) + ((x - side * 72) / 62) ** 2 * 26;
        const lung =
          ellipse(x, y, side * 76, 210, 64, 158, 12) * (1 - smooth(dome - 7, dome + 5, y)) * smooth(top, top + 22, y);
        if (lung <= 0) continue;
        const branch = texture((x + side * 200) / 9, y / 9);
        const marks = smooth(0.1, 0.7, branch) * smooth(125, 15, Math.hypot(x - side * 34, y - 205));
        v -= lung * (1040 - 330 * marks - 60 * texture(x / 6, y / 6));
      }
      if (Math.abs(x) > 14 && Math.abs(x) < 150 && flesh > 0) {
        const across = Math.abs(x) / 150;
        const rear = 260 * flesh * smooth(144, 112, Math.abs(x)) * (Math.abs(x) > 16 ? 1 : 0);
        const fore = 150 * flesh * smooth(140, 105, Math.abs(x)) * (Math.abs(x) > 52 ? 1 : 0);
        for (let rib = 0; rib < 10; rib++) {
          const band = Math.abs(y - (60 + rib * 27 + 46 * across ** 2 - 18 * across));
          if (band < 9) v += rear * (smooth(8, 6, band) + 0.8 * smooth(2.4, 0, Math.abs(band - 6.4)));
          const front = Math.abs(y - (120 + rib * 30 + 70 * (1 - across)));
          if (rib < 7 && front < 8) v += fore * smooth(8, 4, front);
        }
        const clavicle = Math.abs(y - (78 - 0.17 * Math.abs(x) + 4 * Math.sin(x / 34)));
        v += 600 * smooth(8, 5, clavicle) * smooth(150, 138, Math.abs(x)) * flesh;
      }
      v += 520 * ellipse(x, y, 26, 262, 66, 62, 14) * (1 - smooth(300, 324, y));
      v += 260 * ellipse(x, y, 24, 160, 22, 30, 10);
      const disc = 0.5 + 0.5 * Math.cos((y / 23) * 2 * Math.PI);
      v += flesh * smooth(20, 15, Math.abs(x)) * (250 + 150 * disc);
      v -= 330 * smooth(9, 4, Math.abs(x + 3)) * smooth(165, 140, y) * flesh;
      const edge = Math.min(x + 190, 190 - x, y - 10, 440 - y);
      v = edge < 0 ? 40 : v;
      canvas.data[j * width + i] = Math.max(0, Math.min(4095, v + noise[(j * width + i) & 65535]! * 22));
    }
  }
  return canvas;
}

/** How a pulse of sound comes back: brightness 0..1 at a depth (0..1) and an angle (radians), before speckle. */
type Echoes = (depth: number, angle: number) => number;

export interface Sector {
  readonly apexX: number;
  readonly apexY: number;
  readonly near: number;
  readonly far: number;
  readonly halfAngle: number;
}

/** Draws an ultrasound sector: echoes with speckle along beams, then bent into the fan. Grey 0..255. */
export function drawSector(
  canvas: Canvas,
  sector: Sector,
  echoes: Echoes,
  seed: number,
  tint: readonly [number, number, number],
): void {
  const beams = canvas.width > 800 ? 256 : 176;
  const depths = canvas.width > 800 ? 512 : 320;
  const polar = new Float32Array(beams * depths);
  const noise = gaussian(seed, 1 << 18);
  for (let b = 0; b < beams; b++) {
    const angle = (b / (beams - 1) - 0.5) * 2 * sector.halfAngle;
    for (let d = 0; d < depths; d++) {
      const n = (b * depths + d) * 2;
      // Neighbouring beams overlap: speckle is wider than it is deep.
      const at = (k: number) =>
        noise[(n + k * depths * 2) & 0x3ffff]! + noise[(n + k * depths * 2 + 2) & 0x3ffff]! * 0.5;
      const re = at(0) + 0.8 * at(1) + 0.4 * at(2);
      const im =
        noise[(n + 1) & 0x3ffff]! + 0.8 * noise[(n + 1 + depths * 2) & 0x3ffff]! + 0.5 * noise[(n + 3) & 0x3ffff]!;
      const amplitude = Math.hypot(re, im) / 1.9;
      const signal = echoes(d / depths, angle);
      polar[b * depths + d] = Math.max(
        0,
        255 * (signal + 0.3 * Math.log10(amplitude + 0.04) * Math.min(1, signal * 3 + 0.08)),
      );
    }
  }
  for (let y = 0; y < canvas.height; y++) {
    for (let x = 0; x < canvas.width; x++) {
      const dx = x - sector.apexX;
      const dy = y - sector.apexY;
      const r = Math.hypot(dx, dy);
      const a = Math.atan2(dx, dy);
      if (r < sector.near || r >= sector.far || Math.abs(a) >= sector.halfAngle) continue;
      const b = ((a / sector.halfAngle + 1) / 2) * (beams - 1);
      const d = ((r - sector.near) / (sector.far - sector.near)) * (depths - 1);
      const b0 = Math.min(beams - 2, Math.floor(b));
      const d0 = Math.min(depths - 2, Math.floor(d));
      const u = b - b0;
      const w = d - d0;
      const p = (i: number, k: number) => polar[i * depths + k]!;
      const v =
        (p(b0, d0) * (1 - w) + p(b0, d0 + 1) * w) * (1 - u) + (p(b0 + 1, d0) * (1 - w) + p(b0 + 1, d0 + 1) * w) * u;
      const at = (y * canvas.width + x) * canvas.channels;
      for (let c = 0; c < canvas.channels; c++) canvas.data[at + c] = v * tint[c]!;
    }
  }
}

/** Liver, gallbladder, kidney and diaphragm, seen from the right side. */
export function abdomenEchoes(): Echoes {
  const texture = valueNoise(21);
  return (depth, angle) => {
    const x = depth * Math.sin(angle) * 1.5;
    const y = depth * Math.cos(angle);
    let v = 0.47 - 0.12 * depth + 0.05 * texture(x * 9, y * 9);
    v += 0.3 * smooth(0.05, 0.01, depth) + 0.25 * smooth(0.012, 0, Math.abs(y - 0.1 - 0.01 * Math.sin(x * 11)));
    const vessel = Math.abs(y - 0.34 - 0.18 * x - 0.05 * Math.sin(7 * x));
    v = mix(v, 0.06, smooth(0.028, 0.016, vessel) * smooth(-0.02, 0.06, x));
    v += 0.22 * smooth(0.012, 0.004, Math.abs(vessel - 0.03)) * smooth(-0.02, 0.06, x);
    const gall = Math.hypot((x + 0.2) / 0.1, (y - 0.42) / 0.16);
    v += 0.25 * smooth(0.16, 0.04, Math.abs(gall - 1.06));
    v += 0.16 * smooth(0.09, 0.02, Math.abs(x + 0.2 - (y - 0.42) * 0.05)) * smooth(0.58, 0.64, y) * smooth(1, 0.7, y);
    v = mix(v, 0.03, 1 - smooth(0.93, 1.03, gall));
    const kidney = Math.hypot((x - 0.24) / 0.27, (y - 0.68) / 0.12);
    v = mix(v, 0.3, 1 - smooth(0.94, 1.02, kidney));
    v += 0.28 * smooth(0.06, 0.02, Math.abs(kidney - 1.03));
    const sinus = Math.hypot((x - 0.25) / 0.15, (y - 0.68) / 0.045);
    v = mix(v, 0.62, 1 - smooth(0.7, 1.2, sinus + 0.3 * texture(x * 30, y * 30)));
    const diaphragm = Math.abs(Math.hypot(x + 0.05, y - 0.25) - 0.64);
    v += 0.42 * smooth(0.018, 0.004, diaphragm) * smooth(0.2, -0.25, x);
    if (Math.hypot(x + 0.05, y - 0.25) > 0.65) v *= mix(1, 0.45, smooth(0.1, -0.2, x));
    return Math.max(0.02, v);
  };
}

/** Four chambers of a beating heart at a phase 0..1. */
export function heartEchoes(phase: number): Echoes {
  const texture = valueNoise(33);
  const squeeze = 0.5 - 0.5 * Math.cos(2 * Math.PI * phase);
  return (depth, angle) => {
    const x = depth * Math.sin(angle) * 1.5;
    const y = depth * Math.cos(angle);
    let v = 0.34 + 0.09 * texture(x * 8, y * 8) - 0.1 * depth;
    v += 0.3 * smooth(0.05, 0, depth);
    const chamber = (cx: number, cy: number, rx: number, ry: number) => {
      const d = Math.hypot((x - cx) / rx, (y - cy) / ry);
      v += 0.14 * smooth(0.3, 0.06, Math.abs(d - 1.08));
      v = mix(v, 0.035, 1 - smooth(0.92, 1.05, d));
    };
    chamber(0.13, 0.4, 0.12 - 0.035 * squeeze, 0.23 - 0.04 * squeeze);
    chamber(-0.13, 0.43, 0.09 - 0.02 * squeeze, 0.19 - 0.03 * squeeze);
    chamber(0.14, 0.76, 0.11 + 0.015 * squeeze, 0.1 + 0.02 * squeeze);
    chamber(-0.12, 0.75, 0.1 + 0.012 * squeeze, 0.09 + 0.015 * squeeze);
    const hinge = 0.645 - 0.02 * squeeze;
    const open = (1 - squeeze) * 0.5;
    for (const [centre, half] of [
      [0.13, 0.11],
      [-0.125, 0.09],
    ] as const) {
      for (const side of [-1, 1]) {
        const t = (centre + side * half - x) * side;
        if (t < 0 || t > half) continue;
        v += 0.5 * smooth(0.014, 0.004, Math.abs(y - hinge + t * open));
      }
    }
    return Math.max(0.015, v);
  };
}

/** The back of an eye, RGB. */
export function fundus(size: number): Canvas {
  const canvas = new Canvas(size, size, 3);
  const texture = valueNoise(55);
  const noise = gaussian(56);
  const c = size / 2;
  for (let j = 0; j < size; j++) {
    for (let i = 0; i < size; i++) {
      const x = (i - c) / c;
      const y = (j - c) / c;
      const r = Math.hypot(x, y);
      const inside = 1 - smooth(0.925, 0.94, r);
      const shade = (1 - 0.45 * r * r) * (1 + 0.07 * texture(x * 7, y * 7));
      const disc = 1 - smooth(0.8, 1.15, Math.hypot((x - 0.42) / 0.135, (y + 0.02) / 0.155));
      const cup = 1 - smooth(0.6, 1.2, Math.hypot((x - 0.43) / 0.07, (y + 0.02) / 0.08));
      const macula = Math.exp(-(((x + 0.22) / 0.16) ** 2) - ((y - 0.05) / 0.15) ** 2);
      const n = noise[(j * size + i) & 65535]! * 2.2;
      canvas.blend(i, j, [
        mix(mix(206, 252, disc), 255, cup) * shade * (1 - 0.35 * macula) + n,
        mix(mix(98, 205, disc), 236, cup) * shade * (1 - 0.45 * macula) + n,
        mix(mix(42, 128, disc), 178, cup) * shade * (1 - 0.4 * macula) + n,
      ], inside); // prettier-ignore
    }
  }
  const next = random(91);
  const grow = (
    x: number,
    y: number,
    angle: number,
    thickness: number,
    steps: number,
    ink: readonly [number, number, number],
  ): void => {
    let [px, py, a] = [x, y, angle];
    for (let s = 0; s < steps; s++) {
      a += (next() - 0.5) * 0.16 - 0.012 * Math.sign(Math.sin(angle)) * Math.sign(Math.cos(angle));
      const nx = px + Math.cos(a) * size * 0.016;
      const ny = py + Math.sin(a) * size * 0.016;
      if (Math.hypot(nx - c, ny - c) > c * 0.915) return;
      const width = thickness * (1 - (0.75 * s) / steps);
      canvas.line(px, py, nx, ny, width, ink);
      [px, py] = [nx, ny];
      if (s > 3 && next() < 0.13 && width > 1.6)
        grow(px, py, a + (next() < 0.5 ? 0.6 : -0.6), width * 0.62, Math.floor((steps - s) * 0.8), ink);
    }
  };
  for (const [angle, thickness] of [
    [2.2, 7],
    [-2.2, 7],
    [1.2, 5.5],
    [-1.2, 5.5],
    [2.75, 4],
    [-2.8, 4],
    [0.5, 3.5],
    [-0.45, 3.5],
  ] as const) {
    grow(c + 0.42 * c, c - 0.02 * c, angle, (thickness * size) / 900, 46, [128, 34, 24]);
    grow(c + 0.43 * c, c - 0.03 * c, angle + 0.13, (thickness * size) / 1250, 42, [168, 62, 36]);
  }
  return canvas;
}

/** One lead of an electrocardiogram: millivolts at a time in seconds. */
export function ecg(seconds: number, amplitude: number): number {
  const t = ((seconds % 0.86) + 0.86) % 0.86;
  const wave = (at: number, width: number, height: number) => height * Math.exp(-(((t - at) / width) ** 2));
  return (
    amplitude *
    (wave(0.12, 0.028, 0.14) -
      wave(0.222, 0.01, 0.12) +
      wave(0.245, 0.011, 1.15) -
      wave(0.268, 0.011, 0.27) +
      wave(0.46, 0.05, 0.3))
  );
}
