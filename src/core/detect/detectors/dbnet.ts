/** The DBNet detector in passes (docs/model-card.md has what each brings). */
import { atlasInput, packLooks, type Atlas, type Look } from '../atlas';
import { defaultBoxes, foundText, mergeFound, tooThick, type FoundText } from '../boxes';
import { components } from '../components';
import { detectorInput, margin, type TextImage, type View } from '../image';
import { share, type DetectorRuns } from '../lanes';
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

  constructor(
    private readonly network: DetectorRuns & { dispose(): void },
    /** Does some of the runs meanwhile. */
    private readonly assistant: DetectorRuns | null = null,
  ) {}

  async detect(images: readonly TextImage[], context: DetectorContext): Promise<readonly FoundText[]> {
    const overview = (image: TextImage, i: number): Look => ({
      image,
      view: overviewView(image),
      pass: `overview${i}`,
    });
    const whole = this.share(images.slice(0, 1).map(overview), context);
    // Drawn and sent to the assistant, if there is one: this thread looks for strokes meanwhile.
    whole.catch(() => undefined);
    const maps: StrokeMap[] = [];
    for (const [i, image] of (context.effort === 'screen' ? [] : images).entries()) {
      if (i > 0) await context.breathe();
      maps.push(strokeMap(image, i > 0));
    }
    // A grey mapping that shows no strokes but those of the ones before it is not looked at.
    const more = images.flatMap((image, i) => (i > 0 && showsMore(maps, i) ? [overview(image, i)] : []));
    const overviews = [...(await whole), ...(await this.share(more, context))];
    const large = images.flatMap((image, i) =>
      overviews.some(({ thick, pass }) => thick && pass === `overview${i}`)
        ? [{ image, view: overviewView(image, 384), pass: `reduced${i}` }]
        : [],
    );
    const all = [...overviews, ...(await this.share(large, context))];
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
    const closer = (
      await share(
        packLooks(looks).map((atlas) => ({
          cost: atlas.width * atlas.height,
          on: (network: DetectorRuns) => closely(network, atlas),
        })),
        this.network,
        this.assistant,
        () => context.breathe(),
      )
    ).flat();
    for (const [i, { texts, map }] of blocks.entries()) {
      const own = closer.filter(({ seen }) => seen.includes(`close${i}`) || seen.includes(priorPass(i)));
      found.push(...(map ? takenApart([...texts, ...own], closer, map) : texts));
    }
    const [image] = images;
    if (context.effort === 'thorough' && image) {
      const views = [true, false].flatMap((inverted) =>
        closeViews(image, inverted).map((view) => ({ image, view, pass: inverted ? 'whole0' : 'plain0' })),
      );
      found.push(...(await this.share(views, context)).flatMap((result) => result.found));
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
  private share(looks: readonly Look[], context: DetectorContext): Promise<readonly PassResult[]> {
    const busy = looks.flatMap((look) => {
      const part = busyPart(look.image, look.view);
      return part ? [{ ...look, view: part }] : [];
    });
    return share(
      busy.map((look) => ({
        cost: look.view.width * look.view.height * look.view.scale ** 2,
        on: (network: DetectorRuns) => lookAt(network, look),
      })),
      this.network,
      this.assistant,
      () => context.breathe(),
    );
  }
}

/** Whether a grey mapping shows strokes where none before it does. */
function showsMore(maps: readonly StrokeMap[], index: number): boolean {
  const map = maps[index];
  if (!map) return true;
  const known = inAny(maps.slice(0, index));
  return map.counts.some((count, i) => count >= strokes && known[i] !== 1);
}

async function lookAt(network: DetectorRuns, { image, view, pass }: Look): Promise<PassResult> {
  const { data, width, height } = detectorInput(image, view);
  const quarter = await network.probabilities(data, height, width);
  return textsIn(unpack(quarter, height, width), width, height, view, margin, pass);
}

/** One run over many small views; each is searched by itself. */
async function closely(network: DetectorRuns, atlas: Atlas): Promise<readonly FoundText[]> {
  const quarter = await network.probabilities(atlasInput(atlas), atlas.height, atlas.width);
  const map = unpack(quarter, atlas.height, atlas.width);
  return atlas.placed.flatMap(({ view, pass, part }) => {
    const own = new Float32Array(part.width * part.height);
    for (let y = 0; y < part.height; y++) {
      const from = (part.y + y) * atlas.width + part.x;
      own.set(map.subarray(from, from + part.width), y * part.width);
    }
    return textsIn(own, part.width, part.height, view, margin, pass).found;
  });
}

function textsIn(map: Float32Array, width: number, height: number, view: View, room: number, pass: string): PassResult {
  const found: FoundText[] = [];
  let thick = false;
  const [least, boxes] = isPriorPass(pass) ? [priorThreshold, priorBoxes] : [threshold, defaultBoxes];
  for (const component of components(map, width, height, least)) {
    if (tooThick(component)) {
      thick = true;
      continue;
    }
    const text = foundText(component, view, room, boxes, pass);
    if (text) found.push(text);
  }
  return { pass, found, thick };
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
