/** The text recogniser on the kernels: a trunk like the detector's, then two blocks of attention over the columns of each strip. */
import type { BestClasses, RecogniserRuns } from '../networks';
import { stripWidth, type Cut } from '../strip';
import type { ModelFiles } from '../models';
import { GraphReader } from './graph';
import { eight, Layers, type Convolution, type ReadyBlock } from './layers';
import type { KernelModule, Plane } from './module';
import { Painter } from './painter';

const heads = 8;

interface Attention {
  readonly query: Convolution;
  readonly key: Convolution;
  readonly value: Convolution;
  readonly join: Convolution;
  readonly widen: Convolution;
  readonly narrow: Convolution;
}

export class KernelRecogniser implements RecogniserRuns {
  private readonly layers: Layers;
  private readonly painter: Painter;
  private readonly stem: Convolution;
  private readonly blocks: readonly ReadyBlock[];
  private readonly squeeze: readonly [Convolution, Convolution];
  private readonly attention: readonly Attention[];
  private readonly epsilon: number;
  private readonly restore: Convolution;
  private readonly last: readonly [Convolution, Convolution, Convolution];
  private readonly classes: number;

  /** @throws Error when the graph is not the recogniser's */
  constructor(
    /** What it runs on, and holds nothing of between two runs but its weights. */
    readonly module: KernelModule,
    files: ModelFiles,
  ) {
    const graph = new GraphReader(files);
    const layers = new Layers(module);
    this.layers = layers;
    this.painter = new Painter(module);
    const layer = (): Convolution => layers.convolution(graph.layer());
    this.stem = layers.convolution(graph.layer(), 4);
    const blocks = [];
    while (graph.atBlock()) blocks.push(layers.block(graph.block()));
    this.blocks = blocks;
    this.squeeze = [layer(), layer()];
    this.epsilon = graph.epsilon();
    const attention = (): Attention => {
      const [query, key, value, join] = [layer(), layer(), layer(), layer()];
      return { query, key, value, join, widen: layer(), narrow: layer() };
    };
    this.attention = [attention(), attention()];
    this.restore = layer();
    const [first, second, third] = [layer(), layer(), graph.layer()];
    this.classes = third.shape[3];
    this.last = [first, second, layers.convolution(third)];
    graph.end();
  }

  async read(cuts: readonly Cut[], width: number): Promise<BestClasses> {
    return Promise.resolve(this.classesOf(this.painter.strips(cuts, cuts.map(stripWidth), width)));
  }

  /**
   * Those of `Network.bestClasses` (runtime.ts).
   * @param strips [count, 48, width, 3]
   */
  async bestClasses(strips: Float32Array, count: number, width: number): Promise<BestClasses> {
    return Promise.resolve(this.classesOf(this.module.fourChannels(strips, count, 48, width)));
  }

  dispose(): void {
    // The module's memory goes with it.
  }

  /** Gives its input back. */
  private classesOf(input: Plane): BestClasses {
    const { layers, module } = this;
    const count = input.images;
    let x = layers.convolve(input, this.stem);
    module.give(input.at);
    for (const block of this.blocks) x = layers.runBlock(x, block);

    // Beside what comes out of the attention stands what went in.
    const length = Math.floor(x.width / 2);
    const [channels, both] = [x.channels, 2 * x.channels];
    const pooled = module.plane(count, 1, length, channels);
    module.run.poolThreeByTwo(x.at, count, x.height, x.width, channels, pooled.at, channels * 4);
    module.give(x.at);
    const joint = module.plane(count, 1, length, both);
    module.run.copyChannels(pooled.at, count * length, channels, joint.at, both * 4);
    const [first, second] = this.squeeze;
    let z = this.pass(this.pass(pooled, first), second);
    for (const part of this.attention) z = this.attend(z, part);
    const normal = this.normalised(z);
    module.give(z.at);
    layers.convolve(normal, this.restore, { at: joint.at + channels * 4, stride: both });
    module.give(normal.at);

    const [narrow, wide, answer] = this.last;
    const logits = this.pass(this.pass(this.pass(joint, narrow), wide), answer);
    const steps = count * length;
    const [best, probability] = [module.take(steps), module.take(steps)];
    module.spread(
      'bestOf',
      [logits.at, this.classes, logits.channels, best, probability],
      steps,
      40 * steps * this.classes,
    );
    const classes = new Int32Array(module.run.memory.buffer, best, steps).slice();
    const probabilities = module.floats(probability, steps).slice();
    for (const at of [logits.at, best, probability]) module.give(at);
    return { classes, probabilities };
  }

  /** A layer that gives its input back. */
  private pass(x: Plane, layer: Convolution): Plane {
    const out = this.layers.convolve(x, layer);
    this.module.give(x.at);
    return out;
  }

  private normalised(x: Plane): Plane {
    const out = this.module.plane(x.images, x.height, x.width, x.channels);
    this.module.run.normalise(x.at, x.images * x.height * x.width, x.channels, this.epsilon, out.at);
    return out;
  }

  /** Adds to its input what the columns of each strip have to say to each other. */
  private attend(x: Plane, { query, key, value, join, widen, narrow }: Attention): Plane {
    const { layers, module } = this;
    const normal = this.normalised(x);
    const [q, k, v] = [query, key, value].map((layer) => layers.convolve(normal, layer));
    if (!q || !k || !v || q.channels % heads !== 0) throw new Error('attention of another kind');
    // What is normalised is not needed any more: the heads' answers take its place.
    const parts = x.images * heads;
    module.spread(
      'attend',
      [q.at, k.at, v.at, x.images, x.width, heads, q.channels / heads, normal.at],
      parts,
      40 * parts * x.width * x.width * (q.channels / heads),
      x.width + 4,
    );
    for (const at of [q.at, k.at, v.at]) module.give(at);
    this.addTo(x, this.pass(normal, join));
    this.addTo(x, this.pass(this.pass(this.normalised(x), widen), narrow));
    return x;
  }

  private addTo(x: Plane, y: Plane): void {
    this.module.run.add(x.at, y.at, x.images * x.height * x.width * eight(x.channels));
    this.module.give(y.at);
  }
}
