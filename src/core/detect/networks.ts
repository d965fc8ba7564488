/**
 * The networks where they run fastest. On a processor that is kernels of our own (kernels/, ADR 12); on a GPU, and where WebAssembly has
 * no SIMD, TensorFlow.js runs the same models.
 */
import { atlasInput, type Atlas } from './atlas';
import type { KernelModule } from './kernels/module';
import type { Helpers } from './kernels/team';
import { readModel, type ModelName, type ModelSource } from './models';
import type { BackendName, Network } from './runtime';
import { drawStrip, stripHeight, stripWidth, type Cut } from './strip';

/** What a network says of the best class of every step of every strip. */
export interface BestClasses {
  readonly classes: Int32Array;
  readonly probabilities: Float32Array;
}

/** The detector. */
export interface DetectorRuns {
  /** How likely each pixel of an input is text: [height, width]. */
  find(atlas: Atlas): Promise<Float32Array>;
  dispose(): void;
}

/** The recogniser. */
export interface RecogniserRuns {
  /** @param width of the widest strip, or more */
  read(cuts: readonly Cut[], width: number): Promise<BestClasses>;
  dispose(): void;
}

/** The networks of one engine, loaded when they are asked for. */
export class Networks {
  private loading: Promise<KernelModule | null> | undefined;

  constructor(
    private readonly models: ModelSource,
    private readonly backend: BackendName,
    private readonly helpers: Helpers | null = null,
  ) {}

  /** Rejects when a file of the model can't be read, or is not of the model that this version knows. */
  async detector(): Promise<DetectorRuns> {
    const kernels = await this.kernels();
    if (!kernels) return detectorOn(await onTensorFlow(this.models, this.backend, 'det'));
    const [{ KernelDetector }, files] = await Promise.all([
      import('./kernels/detector'),
      readModel(this.models, 'det'),
    ]);
    return new KernelDetector(kernels, files);
  }

  /** Rejects as `detector` does. */
  async recogniser(): Promise<RecogniserRuns> {
    const kernels = await this.kernels();
    if (!kernels) return recogniserOn(await onTensorFlow(this.models, this.backend, 'rec'));
    const [{ KernelRecogniser }, files] = await Promise.all([
      import('./kernels/recogniser'),
      readModel(this.models, 'rec'),
    ]);
    return new KernelRecogniser(kernels, files);
  }

  /** Ends the threads that help. */
  dispose(): void {
    void this.loading?.then(
      (kernels) => kernels?.dispose(),
      () => undefined,
    );
    this.loading = undefined;
  }

  /** Null where TensorFlow.js is the one to run them. A failure is not kept. */
  private kernels(): Promise<KernelModule | null> {
    this.loading ??= kernelsOf(this.models, this.backend, this.helpers).catch((error: unknown) => {
      this.loading = undefined;
      throw error;
    });
    return this.loading;
  }
}

async function kernelsOf(models: ModelSource, backend: BackendName, helpers: Helpers | null) {
  if (backend !== 'wasm') return null;
  const [{ KernelModule }, bytes] = await Promise.all([import('./kernels/module'), models.read('kernels.wasm')]);
  return WebAssembly.validate(bytes) ? KernelModule.load(bytes, helpers) : null;
}

async function onTensorFlow(models: ModelSource, backend: BackendName, name: ModelName): Promise<Network> {
  const [{ Network, startBackend }, files] = await Promise.all([import('./runtime'), readModel(models, name)]);
  if (!(await startBackend(backend, models.wasmPaths))) throw new Error(`${backend} does not start here`);
  return Network.load(files);
}

export function detectorOn(network: Network): DetectorRuns {
  return {
    find: async (atlas) => {
      const { width, height } = atlas;
      return unpack(await network.probabilities(atlasInput(atlas), height, width), height, width);
    },
    dispose: () => {
      network.dispose();
    },
  };
}

function recogniserOn(network: Network): RecogniserRuns {
  return {
    read: (cuts, width) => {
      const size = stripHeight * width * 3;
      const data = new Float32Array(cuts.length * size);
      cuts.forEach((cut, i) => {
        drawStrip(cut, stripWidth(cut), width, data, i * size);
      });
      return network.bestClasses(data, cuts.length, width);
    },
    dispose: () => {
      network.dispose();
    },
  };
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
