/** What runs on a second thread: the two networks on a wasm backend of their own, loaded when first asked for. */
import type { Assistant, BestClasses, NetworkRuns } from './lanes';
import { readModel, type ModelName, type ModelSource } from './models';
import type { Network } from './runtime';

/** Says which buffers go along with a value to another thread (comlink's `transfer`). */
type Transfer = <T extends object>(value: T, buffers: ArrayBuffer[]) => T;

/** The far side: wasm is started once, for this thread alone. */
export function networkRuns(models: ModelSource, transfer: Transfer): NetworkRuns {
  let runtime: Promise<typeof import('./runtime')> | undefined;
  const networks = new Map<ModelName, Promise<Network>>();
  const start = async (): Promise<typeof import('./runtime')> => {
    const module = await import('./runtime');
    if (!(await module.startBackend('wasm', models.wasmPaths))) throw new Error('wasm does not start here');
    return module;
  };
  const load = async (name: ModelName): Promise<Network> => {
    runtime ??= start();
    const [{ Network }, files] = await Promise.all([runtime, readModel(models, name)]);
    return Network.load(files);
  };
  const network = (name: ModelName): Promise<Network> => {
    const loading = networks.get(name) ?? load(name);
    networks.set(name, loading);
    return loading;
  };
  return {
    async probabilities(image, height, width) {
      const map = await (await network('det')).probabilities(image, height, width);
      return transfer(map, [map.buffer as ArrayBuffer]);
    },
    async bestClasses(strips, count, width) {
      const best = await (await network('rec')).bestClasses(strips, count, width);
      return transfer(best, [best.classes.buffer as ArrayBuffer, best.probabilities.buffer as ArrayBuffer]);
    },
  };
}

/** Calls of the far side from the near one. */
export interface Far {
  probabilities(image: Float32Array, height: number, width: number): Promise<Float32Array>;
  bestClasses(strips: Float32Array, count: number, width: number): Promise<BestClasses>;
}

/**
 * The near side. The thread is started when there is first something for it to do.
 * @param start `gone` rejects when the thread ends by itself: comlink's promises would then wait for ever
 */
export function assistantBy(
  start: () => { readonly far: Far; readonly gone: Promise<never>; readonly end: () => void },
  transfer: Transfer,
): Assistant {
  let thread: ReturnType<typeof start> | undefined;
  const ask = async <T>(call: (far: Far) => Promise<T>): Promise<T> => {
    thread ??= start();
    const { far, gone } = thread;
    return Promise.race([call(far), gone]);
  };
  return {
    probabilities: (image, height, width) =>
      ask((far) => far.probabilities(transfer(image, [image.buffer as ArrayBuffer]), height, width)),
    bestClasses: (strips, count, width) =>
      ask((far) => far.bestClasses(transfer(strips, [strips.buffer as ArrayBuffer]), count, width)),
    dispose: () => {
      thread?.end();
      thread = undefined;
    },
  };
}
