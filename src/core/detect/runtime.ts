/**
 * The only module that names TensorFlow.js. It is imported dynamically (a page that never meets pixels never loads it) and
 * imports only the parts that are used.
 */
import { argMax, env, io, max, memory, ready, setBackend, tensor4d, tidy, type Tensor } from '@tensorflow/tfjs-core';
import { loadGraphModel, type GraphModel } from '@tensorflow/tfjs-converter';
import { setThreadsCount, setWasmPaths } from '@tensorflow/tfjs-backend-wasm';
import type { BestClasses } from './networks';
import type { ModelFiles, WasmPaths } from './models';

export type BackendName = 'wasm' | 'webgl' | 'webgpu';

/** Selects a backend for this worker. Only single-threaded SIMD on wasm: threads would need workers made from blobs. */
export async function startBackend(name: BackendName, wasm: WasmPaths): Promise<boolean> {
  if (name === 'wasm') {
    env().set('WASM_HAS_MULTITHREAD_SUPPORT', false);
    setThreadsCount(1);
    setWasmPaths(typeof wasm === 'string' ? wasm : { ...wasm });
  } else if (name === 'webgl') {
    await import('@tensorflow/tfjs-backend-webgl');
  } else {
    await import('@tensorflow/tfjs-backend-webgpu');
  }
  if (!(await setBackend(name))) return false;
  await ready();
  return true;
}

/** How many tensors and bytes are alive: must be the same before and after each image. */
export function aliveTensors(): { readonly tensors: number; readonly bytes: number } {
  const { numTensors, numBytes } = memory();
  return { tensors: numTensors, bytes: numBytes };
}

/** A loaded network. */
export class Network {
  private constructor(private readonly model: GraphModel) {}

  static async load(files: ModelFiles): Promise<Network> {
    const model = await loadGraphModel(
      io.fromMemory({
        modelTopology: files.topology,
        weightSpecs: [...files.weightSpecs] as io.WeightsManifestEntry[],
        weightData: files.weights,
      }),
    );
    return new Network(model);
  }

  /**
   * The detector's map.
   * @param image NHWC [1, height, width, 3], both multiples of 32
   * @returns [height / 4, width / 4, 16] probabilities: channel y·4 + x is the sub-pixel (x, y)
   */
  async probabilities(image: Float32Array, height: number, width: number): Promise<Float32Array> {
    const output = tidy(() => {
      const input = tensor4d(image, [1, height, width, 3]);
      return this.model.execute(input) as Tensor;
    });
    try {
      return await output.data<'float32'>();
    } finally {
      output.dispose();
    }
  }

  /**
   * The recogniser's best class and its probability for every step of every strip, strip after strip.
   * @param strips NHWC [count, 48, width, 3]
   */
  async bestClasses(strips: Float32Array, count: number, width: number): Promise<BestClasses> {
    const [best, probability] = tidy((): Tensor[] => {
      const input = tensor4d(strips, [count, 48, width, 3]);
      const output = this.model.execute(input) as Tensor;
      return [argMax(output, 3), max(output, 3)];
    });
    if (!best || !probability) throw new Error('a network without an output');
    try {
      return {
        classes: await best.data<'int32'>(),
        probabilities: await probability.data<'float32'>(),
      };
    } finally {
      best.dispose();
      probability.dispose();
    }
  }

  dispose(): void {
    this.model.dispose();
  }
}
