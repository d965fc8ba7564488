/** The DBNet detector in passes (docs/model-card.md has what each brings). */
import { atlasInput, packLooks, type Atlas, type Look } from '../atlas';
import { defaultBoxes, foundText, mergeFound, tooThick, type FoundText } from '../boxes';
import { components } from '../components';
import { detectorInput, margin, type TextImage, type View } from '../image';
import { busyPart, closeLooks, closeViews, overviewView } from '../passes';
import { isPriorPass, priorBoxes, priorLooks, priorPass, priorThreshold } from '../priors';
import { joinPieces, takenApart } from '../rows';
import { foundGlyph, loneGlyphs } from '../glyphs';
import type { Network } from '../runtime';
import { strokeMap, type StrokeMap } from '../screen';
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
    const blocks: { readonly texts: readonly FoundText[]; readonly map: StrokeMap | null }[] = [];
    const looks: Look[] = [];
    let first: StrokeMap | undefined;
    for (const [i, image] of images.entries()) {
      const texts = await this.overview(image, i, context);
      const map = context.effort === 'screen' ? null : strokeMap(image);
      blocks.push({ texts, map });
      if (map) looks.push(...closeLooks(image, texts, map, `close${i}`, first));
      looks.push(...priorLooks(image, context.priors ?? [], i));
      first ??= map ?? undefined;
    }
    const closer: FoundText[] = [];
    for (const atlas of packLooks(looks)) closer.push(...(await this.closely(atlas, context)));
    const found: FoundText[] = [];
    for (const [i, { texts, map }] of blocks.entries()) {
      const own = closer.filter(({ seen }) => seen.includes(`close${i}`) || seen.includes(priorPass(i)));
      found.push(...(map ? takenApart([...texts, ...own], closer, map) : texts));
    }
    const [image] = images;
    if (context.effort === 'thorough' && image)
      for (const inverted of [true, false])
        for (const view of closeViews(image, inverted))
          found.push(...(await this.look(image, view, inverted ? 'whole0' : 'plain0', context)).found);
    const lines = joinPieces(mergeFound(found));
    if (!image || !first) return lines;
    const covers = lines.flatMap(({ cover }) => cover);
    return [...lines, ...loneGlyphs(image, first, covers).map(foundGlyph)];
  }

  dispose(): void {
    this.network.dispose();
  }

  /** The whole image, once more reduced where something is too thick for text: large letters. */
  private async overview(image: TextImage, index: number, context: DetectorContext): Promise<readonly FoundText[]> {
    const first = await this.look(image, overviewView(image), `overview${index}`, context);
    if (!first.thick) return first.found;
    const reduced = await this.look(image, overviewView(image, 384), `reduced${index}`, context);
    return [...first.found, ...reduced.found];
  }

  /** One run of the network over the busy part of a view. */
  private async look(image: TextImage, view: View, pass: string, context: DetectorContext): Promise<PassResult> {
    const part = busyPart(image, view);
    if (!part) return { found: [], thick: false };
    await context.breathe();
    const input = detectorInput(image, part);
    const quarter = await this.network.probabilities(input.data, input.height, input.width);
    return textsIn(unpack(quarter, input.height, input.width), input.width, input.height, part, pass);
  }

  /** One run over many small views; each is searched by itself. */
  private async closely(atlas: Atlas, context: DetectorContext): Promise<readonly FoundText[]> {
    await context.breathe();
    const quarter = await this.network.probabilities(atlasInput(atlas), atlas.height, atlas.width);
    const map = unpack(quarter, atlas.height, atlas.width);
    return atlas.placed.flatMap(({ view, pass, part }) => {
      const own = new Float32Array(part.width * part.height);
      for (let y = 0; y < part.height; y++) {
        const from = (part.y + y) * atlas.width + part.x;
        own.set(map.subarray(from, from + part.width), y * part.width);
      }
      return textsIn(own, part.width, part.height, view, pass).found;
    });
  }
}

function textsIn(map: Float32Array, width: number, height: number, view: View, pass: string): PassResult {
  const found: FoundText[] = [];
  let thick = false;
  const [least, boxes] = isPriorPass(pass) ? [priorThreshold, priorBoxes] : [threshold, defaultBoxes];
  for (const component of components(map, width, height, least)) {
    if (tooThick(component)) {
      thick = true;
      continue;
    }
    const text = foundText(component, view, margin, boxes, pass);
    if (text) found.push(text);
  }
  return { found, thick };
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
