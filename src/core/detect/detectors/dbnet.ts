/** The DBNet detector in passes (docs/model-card.md has what each brings). */
import { atlasOf, packLooks, type Atlas, type Look } from '../atlas';
import { defaultBoxes, foundText, mergeFound, tooThick, type FoundText } from '../boxes';
import { components } from '../components';
import { margin, type TextImage, type View } from '../image';
import type { DetectorRuns } from '../networks';
import { busyPart, closeLooks, closeViews, overviewView } from '../passes';
import { isPriorPass, priorBoxes, priorLooks, priorPass, priorThreshold } from '../priors';
import { joinPieces, takenApart } from '../rows';
import { foundGlyph, loneGlyphs } from '../glyphs';
import { inAny, strokeMap, strokes, type StrokeMap } from '../screen';
import type { Detector, DetectorContext } from './detector';

/** Probability above which a map pixel is text. */
const threshold = 0.3;

interface PassResult {
  readonly pass: string;
  readonly found: readonly FoundText[];
  /** Whether something was too thick to be text at this scale. */
  readonly thick: boolean;
}

export class DbNet implements Detector {
  readonly name = 'dbnet';

  constructor(private readonly network: DetectorRuns) {}

  async detect(images: readonly TextImage[], context: DetectorContext): Promise<readonly FoundText[]> {
    const overview = (image: TextImage, i: number): Look => ({
      image,
      view: overviewView(image),
      pass: `overview${i}`,
    });
    const maps: StrokeMap[] = [];
    for (const [i, image] of (context.effort === 'screen' ? [] : images).entries()) {
      if (i > 0) await context.breathe();
      maps.push(strokeMap(image, i > 0));
    }
    // A grey mapping that shows no strokes but those of the ones before it is not looked at.
    const more = images.flatMap((image, i) => (i > 0 && showsMore(maps, i) ? [overview(image, i)] : []));
    const overviews = await this.lookAt([...images.slice(0, 1).map(overview), ...more], context);
    const large = images.flatMap((image, i) =>
      overviews.some(({ thick, pass }) => thick && pass === `overview${i}`)
        ? [{ image, view: overviewView(image, 384), pass: `reduced${i}` }]
        : [],
    );
    const all = [...overviews, ...(await this.lookAt(large, context))];
    const found: FoundText[] = [];
    const looks: Look[] = [];
    const [first] = maps;
    const blocks = images.map((image, i) => {
      const texts = all
        .filter(({ pass }) => pass === `overview${i}` || pass === `reduced${i}`)
        .flatMap((result) => result.found);
      const map = maps[i];
      if (map) looks.push(...closeLooks(image, texts, map, `close${i}`, maps.slice(0, i)));
      looks.push(...priorLooks(image, context.priors ?? [], i));
      return { texts, map };
    });
    const closer: FoundText[] = [];
    for (const atlas of packLooks(looks)) {
      await context.breathe();
      closer.push(...(await closely(this.network, atlas)));
    }
    for (const [i, { texts, map }] of blocks.entries()) {
      const own = closer.filter(({ seen }) => seen.includes(`close${i}`) || seen.includes(priorPass(i)));
      found.push(...(map ? takenApart([...texts, ...own], closer, map) : texts));
    }
    const [image] = images;
    if (context.effort === 'thorough' && image) {
      const views = [true, false].flatMap((inverted) =>
        closeViews(image, inverted).map((view) => ({ image, view, pass: inverted ? 'whole0' : 'plain0' })),
      );
      found.push(...(await this.lookAt(views, context)).flatMap((result) => result.found));
    }
    const lines = joinPieces(mergeFound(found));
    if (!image || !first) return lines;
    await context.breathe();
    const covers = lines.flatMap(({ cover }) => cover);
    return [...lines, ...loneGlyphs(image, first, covers).map(foundGlyph)];
  }

  dispose(): void {
    this.network.dispose();
  }

  /** One run of the network over the busy part of each view. */
  private async lookAt(looks: readonly Look[], context: DetectorContext): Promise<readonly PassResult[]> {
    const results = [];
    for (const look of looks) {
      const view = busyPart(look.image, look.view);
      if (!view) continue;
      await context.breathe();
      results.push(await lookAt(this.network, { ...look, view }));
    }
    return results;
  }
}

/** Whether a grey mapping shows strokes where none before it does. */
function showsMore(maps: readonly StrokeMap[], index: number): boolean {
  const map = maps[index];
  if (!map) return true;
  const known = inAny(maps.slice(0, index));
  return map.counts.some((count, i) => count >= strokes && known[i] !== 1);
}

async function lookAt(network: DetectorRuns, look: Look): Promise<PassResult> {
  const atlas = atlasOf(look);
  return textsIn(await network.find(atlas), atlas.width, atlas.height, look.view, look.pass);
}

/** One run over many small views; each is searched by itself. */
async function closely(network: DetectorRuns, atlas: Atlas): Promise<readonly FoundText[]> {
  const map = await network.find(atlas);
  return atlas.placed.flatMap(({ view, pass, part }) => {
    const own = new Float32Array(part.width * part.height);
    for (let y = 0; y < part.height; y++) {
      const from = (part.y + y) * atlas.width + part.x;
      own.set(map.subarray(from, from + part.width), y * part.width);
    }
    return textsIn(own, part.width, part.height, view, pass).found;
  });
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
  return { pass, found, thick };
}
