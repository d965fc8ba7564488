/**
 * The networks where they run fastest. On a processor that is kernels of our own (kernels/, ADR 12); on a GPU, and where WebAssembly has
 * no SIMD, TensorFlow.js runs the same models.
 */
import type { DetectorRuns, RecogniserRuns } from './lanes';
import { readModel, type ModelName, type ModelSource } from './models';
import type { BackendName } from './runtime';

interface Loaded {
  dispose(): void;
}

/** Rejects when a file of the model can't be read, or is not of the model that this version knows. */
export async function loadDetector(models: ModelSource, backend: BackendName): Promise<DetectorRuns & Loaded> {
  const kernels = await kernelsOf(models, backend);
  if (!kernels) return onTensorFlow(models, backend, 'det');
  const [{ KernelDetector }, files] = await Promise.all([import('./kernels/detector'), readModel(models, 'det')]);
  return new KernelDetector(kernels, files);
}

/** Rejects as `loadDetector` does. */
export async function loadRecogniser(models: ModelSource, backend: BackendName): Promise<RecogniserRuns & Loaded> {
  const kernels = await kernelsOf(models, backend);
  if (!kernels) return onTensorFlow(models, backend, 'rec');
  const [{ KernelRecogniser }, files] = await Promise.all([import('./kernels/recogniser'), readModel(models, 'rec')]);
  return new KernelRecogniser(kernels, files);
}

async function kernelsOf(models: ModelSource, backend: BackendName) {
  if (backend !== 'wasm') return null;
  const [{ KernelModule }, bytes] = await Promise.all([import('./kernels/module'), models.read('kernels.wasm')]);
  return WebAssembly.validate(bytes) ? KernelModule.load(bytes) : null;
}

async function onTensorFlow(models: ModelSource, backend: BackendName, name: ModelName) {
  const [{ Network, startBackend }, files] = await Promise.all([import('./runtime'), readModel(models, name)]);
  if (!(await startBackend(backend, models.wasmPaths))) throw new Error(`${backend} does not start here`);
  return Network.load(files);
}
