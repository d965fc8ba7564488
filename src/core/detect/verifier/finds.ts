/** The region verifier as the engine asks it: for lines of an image instead of crops, with a head that can be exchanged. */
import type { OrientedRect } from '../geometry';
import type { TextImage } from '../image';
import type { ModelSource } from '../models';
import { verifierCrops } from './crop';
import { textProbability, type Correction, type Head } from './head';
import { Verifier } from './network';
import { featureCount, layerShapes } from './network-shape';
import { readWeights } from './weights';

/** Crops of one run: more would hold up an abort. */
const mostCrops = 48;

export class FindVerifier {
  private own: Head;

  private constructor(
    private readonly network: Verifier,
    readonly factory: Head,
  ) {
    this.own = factory;
  }

  /** Rejects when the weights can't be had or are not those of this network. */
  static async load(models: ModelSource): Promise<FindVerifier> {
    const weights = readWeights(await models.read('verifier.bin'), layerShapes(), featureCount);
    return new FindVerifier(new Verifier(weights, weights.head), weights.head);
  }

  get head(): Head {
    return this.own;
  }

  /** @param head what a person's corrections made of the factory's; null: the factory's again */
  use(head: Head | null): void {
    this.own = head ?? this.factory;
  }

  /**
   * How much each line looks like text, 0…1: the best of its windows in any of the grey mappings.
   * @param breathe called before every run
   */
  async probabilities(
    images: readonly TextImage[],
    lines: readonly OrientedRect[],
    breathe: () => Promise<void>,
  ): Promise<readonly number[]> {
    const seen = await this.windows(images, lines, breathe);
    return seen.map((windows) => Math.max(0, ...windows.map((features) => textProbability(this.own, features))));
  }

  /** What a person said of lines, as the head can learn it: every window of a line is one correction. */
  async corrections(
    image: TextImage,
    said: readonly { readonly line: OrientedRect; readonly text: boolean }[],
    breathe: () => Promise<void>,
  ): Promise<readonly Correction[]> {
    const seen = await this.windows(
      [image],
      said.map(({ line }) => line),
      breathe,
    );
    return said.flatMap(({ text }, i) => (seen[i] ?? []).map((features) => ({ features, text })));
  }

  dispose(): void {
    this.network.dispose();
  }

  private async windows(
    images: readonly TextImage[],
    lines: readonly OrientedRect[],
    breathe: () => Promise<void>,
  ): Promise<readonly (readonly Float32Array[])[]> {
    const crops = lines.flatMap((line, index) =>
      images.flatMap((image) => verifierCrops(image, line).map((crop) => ({ crop, index }))),
    );
    const out: Float32Array[][] = lines.map(() => []);
    for (let at = 0; at < crops.length; at += mostCrops) {
      await breathe();
      const run = crops.slice(at, at + mostCrops);
      const features = await this.network.features(run.map(({ crop }) => crop));
      run.forEach(({ index }, i) => {
        const own = features[i];
        if (own) out[index]?.push(own);
      });
    }
    return out;
  }
}
