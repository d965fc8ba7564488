/** The DBNet detector in passes (docs/model-card.md has what each brings). */
import { defaultBoxes, foundText, mergeFound, tooThick, type FoundText } from '../boxes';
import { components } from '../components';
import { detectorInput, type TextImage, type View } from '../image';
import { busyPart, closeViews, overviewView } from '../passes';
import type { Network } from '../runtime';
import type { Detector, DetectorContext } from './detector';

/** Probability above which a map pixel is text. */
const threshold = 0.3;

interface PassResult {
  readonly found: readonly FoundText[];
  /** Whether something was too thick to be text at this scale. */
  readonly thick: boolean;
}

export class DbNet implements Detector {
  readonly name = 'dbnet';

  constructor(private readonly network: Network) {}

  async detect(images: readonly TextImage[], context: DetectorContext): Promise<readonly FoundText[]> {
    const found: FoundText[] = [];
    for (const [i, image] of images.entries()) {
      const first = await this.look(image, overviewView(image), `overview${i}`, context);
      found.push(...first.found);
      if (first.thick) found.push(...(await this.look(image, overviewView(image, 384), `reduced${i}`, context)).found);
      if (context.effort === 'screen' || i > 0) continue;
      for (const view of closeViews(image, true)) {
        found.push(...(await this.look(image, view, `close${i}`, context)).found);
      }
      if (context.effort !== 'thorough') continue;
      for (const view of closeViews(image, false)) {
        found.push(...(await this.look(image, view, `plain${i}`, context)).found);
      }
    }
    return mergeFound(found);
  }

  dispose(): void {
    this.network.dispose();
  }

  /** One run of the network over the busy part of a view. */
  private async look(image: TextImage, view: View, pass: string, context: DetectorContext): Promise<PassResult> {
    const part = busyPart(image, view);
    if (!part) return { found: [], thick: false };
    await context.breathe();
    const input = detectorInput(image, part);
    const quarter = await this.network.probabilities(input.data, input.height, input.width);
    const map = unpack(quarter, input.height, input.width);
    const found: FoundText[] = [];
    let thick = false;
    for (const component of components(map, input.width, input.height, threshold)) {
      if (tooThick(component)) {
        thick = true;
        continue;
      }
      const text = foundText(component, part, input.margin, defaultBoxes, pass);
      if (text) found.push(text);
    }
    return { found, thick };
  }
}

/** From 16 sub-pixel channels at a quarter of the resolution to the map at full resolution. */
export function unpack(quarter: Float32Array, height: number, width: number): Float32Array {
  const map = new Float32Array(width * height);
  const columns = width / 4;
  for (let y = 0; y < height; y++) {
    const row = (y >> 2) * columns * 16 + (y & 3) * 4;
    const base = y * width;
    for (let x = 0; x < width; x++) map[base + x] = quarter[row + (x >> 2) * 16 + (x & 3)] ?? 0;
  }
  return map;
}
