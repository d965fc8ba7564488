/** What the networks look at, drawn in the module's memory: the same as `atlasInput` and `drawStrip` draw for TensorFlow.js. */
import { plainOf, type Atlas, type Placed } from '../atlas';
import { bounds, corners } from '../geometry';
import { gains, margin, shifts, taps, type TextImage } from '../image';
import { sides, stripHeight, type Cut } from '../strip';
import type { Rect } from '../../pixels/types';
import type { KernelModule, Plane } from './module';

/** Bytes that may be read behind an image. */
const slack = 16;
/** What drawing a pixel costs, in products (`KernelModule.spread`). */
const perPixel = 150;

export class Painter {
  constructor(private readonly module: KernelModule) {}

  /** @returns [1, height, width, 4]: blue, green, red and 0. To be given back */
  atlas({ width, height, placed }: Atlas): Plane {
    const { module } = this;
    const plane = module.plane(1, height, width, 4);
    const [whole] = placed;
    if (placed.length !== 1 || whole?.part.width !== width || whole.part.height !== height)
      module.run.fill(plane.at, width * height, ...plainOf(placed));
    for (const one of placed) this.paint(one, plane);
    return plane;
  }

  /**
   * @param own width of each strip
   * @returns [count, 48, width, 4]. To be given back
   */
  strips(cuts: readonly Cut[], own: readonly number[], width: number): Plane {
    const { module } = this;
    const plane = module.plane(cuts.length, stripHeight, width, 4);
    const bytes = stripHeight * width * 16;
    cuts.forEach((cut, i) => {
      this.cut(cut, own[i] ?? width, width, plane.at + i * bytes);
    });
    return plane;
  }

  private paint({ image, view, part }: Placed, plane: Plane): void {
    const { module } = this;
    const pixels = this.copy(image, view);
    const across = this.taps(part.width, view.width, view.scale);
    const down = this.taps(part.height, view.height, view.scale);
    const stride = view.width * image.channels;
    const [sign, zero] = view.inverted ? [-1, 255] : [1, 0];
    module.spread(
      'paint',
      [
        ...[pixels, stride, image.channels, across.at, part.width, across.reach, down.at, part.height, down.reach],
        ...[plane.at + (part.y * plane.width + part.x) * 16, plane.width * 16, sign, zero, ...gains, ...shifts],
      ],
      part.height,
      perPixel * part.width * part.height,
      stride + 8,
    );
    for (const at of [pixels, across.at, down.at]) module.give(at);
  }

  private cut({ image, line, turn, inverted }: Cut, own: number, width: number, out: number): void {
    const { module } = this;
    const { along, across } = sides({ line, turn });
    const [c, s] = [Math.cos(line.angle + turn), Math.sin(line.angle + turn)];
    const [du, dv] = [along / own, across / stripHeight];
    // Where a pixel of the strip covers more than one of the image, several samples are averaged.
    const samples = Math.max(1, Math.ceil(Math.max(du, dv)));
    const [sign, zero] = inverted ? [-1, 255] : [1, 0];
    // Not only what the line covers: between the last pixels of that and the next ones values are mixed.
    const rect = nearest(bounds(corners({ ...line, width: line.width + 4, height: line.height + 4 })), image);
    const pixels = this.copy(image, rect);
    module.spread(
      'cut',
      [
        ...[pixels, rect.width, rect.height, image.channels, line.center.x - rect.x, line.center.y - rect.y],
        ...[c, s, du, dv, along, across, samples, sign, zero, own, width, out],
      ],
      stripHeight,
      perPixel * samples * samples * own * stripHeight,
    );
    module.give(pixels);
  }

  /** The pixels of a rectangle, row by row. To be given back. */
  private copy({ data, width, channels }: TextImage, rect: Rect): number {
    const stride = rect.width * channels;
    const size = stride * rect.height + slack;
    const at = this.module.take(Math.ceil(size / 4));
    const bytes = this.module.bytes(at, size);
    for (let y = 0; y < rect.height; y++) {
      const from = ((rect.y + y) * width + rect.x) * channels;
      bytes.set(data.subarray(from, from + stride), y * stride);
    }
    return at;
  }

  private taps(outputs: number, length: number, scale: number): { readonly at: number; readonly reach: number } {
    const { starts, counts, weights, width } = taps(outputs, margin, 0, length, scale);
    const at = this.module.take(outputs * (2 + width));
    const whole = this.module.wholes(at, 2 * outputs);
    whole.set(starts);
    whole.set(counts, outputs);
    this.module.floats(at + 8 * outputs, weights.length).set(weights);
    return { at, reach: width };
  }
}

/** The pixels of an image that a rectangle covers; those at the edge that it lies beyond. */
function nearest({ x, y, width, height }: Rect, image: TextImage): Rect {
  const [left, right] = span(x, x + width, image.width);
  const [top, bottom] = span(y, y + height, image.height);
  return { x: left, y: top, width: right - left, height: bottom - top };
}

function span(from: number, to: number, length: number): readonly [number, number] {
  const first = Math.min(length - 1, Math.max(0, Math.floor(from)));
  return [first, Math.max(first + 1, Math.min(length, Math.ceil(to)))];
}
