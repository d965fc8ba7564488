/** How the models come in: core fetches nothing itself, the page and the command line hand it a source. */

export type ModelName = 'det' | 'rec';

/** The two files of a TensorFlow.js GraphModel, model.json taken apart. */
export interface ModelFiles {
  readonly topology: object;
  readonly weightSpecs: readonly object[];
  readonly weights: ArrayBuffer;
}

/** One prefix ending in '/', or the address of each of the three files of the wasm backend. */
export type WasmPaths = string | Readonly<Record<WasmFile, string>>;

export type WasmFile =
  'tfjs-backend-wasm.wasm' | 'tfjs-backend-wasm-simd.wasm' | 'tfjs-backend-wasm-threaded-simd.wasm';

export interface ModelSource {
  /** Bytes of `det/model.json`, `det/weights.bin`, `rec/…`, `keys.txt`, `kernels.wasm`. Rejects when the file can't be had. */
  read(file: string): Promise<ArrayBuffer>;
  readonly wasmPaths: WasmPaths;
}

/** Reads one model. Rejects when a file is missing or model.json is not a graph model. */
export async function readModel(source: ModelSource, name: ModelName): Promise<ModelFiles> {
  const [json, weights] = await Promise.all([source.read(`${name}/model.json`), source.read(`${name}/weights.bin`)]);
  const model: unknown = JSON.parse(new TextDecoder().decode(json));
  if (!isGraphModel(model)) throw new Error(`${name}/model.json is not a graph model`);
  const weightSpecs = model.weightsManifest.flatMap((group) => group.weights);
  return { topology: model.modelTopology, weightSpecs, weights };
}

interface GraphModelJson {
  readonly modelTopology: object;
  readonly weightsManifest: readonly { readonly weights: readonly object[] }[];
}

function isGraphModel(value: unknown): value is GraphModelJson {
  return (
    typeof value === 'object' &&
    value !== null &&
    'modelTopology' in value &&
    'weightsManifest' in value &&
    Array.isArray(value.weightsManifest)
  );
}

/**
 * What the recogniser's classes mean: 0 is the blank between characters, then the list, then the space.
 * @param text the list, one character a line
 */
export function readKeys(text: string): readonly string[] {
  const lines = text.split('\n').map((line) => line.replace(/\r$/, ''));
  if (lines.at(-1) === '') lines.pop();
  return ['', ...lines, ' '];
}
