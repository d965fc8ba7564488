/** Reads the text in a box: CTC over a 48-pixel-high strip, upright and turned, in both polarities where in doubt. */
import type { OrientedRect } from './geometry';
import type { TextImage } from './image';
import type { Network } from './runtime';

export interface Reading {
  readonly text: string;
  /** Mean probability of the characters, 0 when there are none. */
  readonly score: number;
}

const height = 48;
const narrowest = 48;
const widest = 1280;
/** Good enough to look no further. */
const sure = 0.9;

export class Recogniser {
  constructor(
    private readonly network: Network,
    private readonly keys: readonly string[],
  ) {}

  /**
   * Reads a line. Upright boxes are tried as they are, then upside down; tall ones from both sides as well.
   * @param breathe called before every network run
   */
  async read(image: TextImage, line: OrientedRect, breathe: () => Promise<void>): Promise<Reading> {
    let best: Reading = { text: '', score: 0 };
    for (const { turn, inverted } of attempts(line)) {
      await breathe();
      const reading = await this.readOnce(image, line, turn, inverted);
      if (reading.score > best.score) best = reading;
      if (best.score >= sure) break;
    }
    return best;
  }

  dispose(): void {
    this.network.dispose();
  }

  private async readOnce(image: TextImage, line: OrientedRect, turn: number, inverted: boolean): Promise<Reading> {
    const strip = recogniserInput(image, line, turn, inverted);
    const { classes, probabilities } = await this.network.bestClasses(strip.data, strip.width);
    return decode(classes, probabilities, this.keys);
  }
}

interface Attempt {
  /** Radians added to the line's own angle. */
  readonly turn: number;
  readonly inverted: boolean;
}

function attempts(line: OrientedRect): readonly Attempt[] {
  const tall = Math.abs(Math.sin(line.angle)) > 0.7;
  const short = line.width < 1.3 * line.height;
  // A tall box is a line read from below or above, or a single upright letter.
  const turns = tall ? (short ? [-Math.PI / 2, 0, Math.PI, Math.PI / 2] : [Math.PI, 0]) : [0, Math.PI];
  if (!tall && short) turns.push(Math.PI / 2, -Math.PI / 2);
  return [...turns.map((turn) => ({ turn, inverted: false })), { turn: turns[0] ?? 0, inverted: true }];
}

/** Cuts a line out of the image, turned upright and 48 pixels high; values −1…1, NHWC with three channels. */
export function recogniserInput(
  image: TextImage,
  line: OrientedRect,
  turn: number,
  inverted: boolean,
): { readonly data: Float32Array; readonly width: number } {
  const quarter = Math.abs(Math.abs(turn) - Math.PI / 2) < 0.1;
  const along = Math.max(1, quarter ? line.height : line.width);
  const across = Math.max(1, quarter ? line.width : line.height);
  const width = Math.min(widest, Math.max(narrowest, Math.round((along * height) / across)));
  const angle = line.angle + turn;
  const [c, s] = [Math.cos(angle), Math.sin(angle)];
  const data = new Float32Array(width * height * 3);
  const stretched =
    Math.min(along / width, across / height) > 0 ? { u: along / width, v: across / height } : { u: 1, v: 1 };
  // Where a pixel of the strip covers more than one of the image, several samples are averaged.
  const samples = Math.max(1, Math.ceil(Math.max(stretched.u, stretched.v)));
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const out = (y * width + x) * 3;
      for (let i = 0; i < samples * samples; i++) {
        const u = (x + ((i % samples) + 0.5) / samples) * stretched.u - along / 2;
        const v = (y + (Math.floor(i / samples) + 0.5) / samples) * stretched.v - across / 2;
        addSample(image, line.center.x + u * c - v * s - 0.5, line.center.y + u * s + v * c - 0.5, data, out);
      }
      for (let d = out; d < out + 3; d++) {
        const value = (data[d] ?? 0) / (samples * samples);
        data[d] = (inverted ? 255 - value : value) / 127.5 - 1;
      }
    }
  }
  return { data, width };
}

/** Bilinear, the edge repeated. Blue first. */
function addSample(image: TextImage, x: number, y: number, data: Float32Array, out: number): void {
  const { width, height: rows, channels } = image;
  const cx = Math.min(width - 1, Math.max(0, x));
  const cy = Math.min(rows - 1, Math.max(0, y));
  const left = Math.min(width - 1, Math.floor(cx));
  const top = Math.min(rows - 1, Math.floor(cy));
  const right = Math.min(width - 1, left + 1);
  const bottom = Math.min(rows - 1, top + 1);
  const [fx, fy] = [cx - left, cy - top];
  for (let c = 0; c < channels; c++) {
    const at = (px: number, py: number): number => image.data[(py * width + px) * channels + c] ?? 0;
    const value =
      (at(left, top) * (1 - fx) + at(right, top) * fx) * (1 - fy) +
      (at(left, bottom) * (1 - fx) + at(right, bottom) * fx) * fy;
    if (channels === 3) data[out + 2 - c] = (data[out + 2 - c] ?? 0) + value;
    else for (let d = out; d < out + 3; d++) data[d] = (data[d] ?? 0) + value;
  }
}

/** CTC: repeats fall together, blanks (class 0) fall out. */
export function decode(classes: Int32Array, probabilities: Float32Array, keys: readonly string[]): Reading {
  let text = '';
  let sum = 0;
  let count = 0;
  let previous = 0;
  classes.forEach((index, i) => {
    if (index !== 0 && index !== previous) {
      text += keys[index] ?? '';
      sum += probabilities[i] ?? 0;
      count++;
    }
    previous = index;
  });
  return { text: text.trim(), score: count === 0 || text.trim() === '' ? 0 : sum / count };
}
