/**
 * The WASM codecs: where their binaries come from, when they are compiled, and when they go.
 *
 * Core does not know how a binary is found: in the browser a bundler's URL is fetched, in Node a file is read. Whoever starts
 * core says so once with `setCodecLoader` (src/workers/codec-assets.ts, src/cli/codec-assets.ts).
 */

import type { CodecModules, WasmCodecName } from './modules';

export type { WasmCodecName } from './modules';

/** Gives the binary of a codec, or the compiled module (which can be shared between workers). Rejects when there is none. */
export type CodecLoader = (name: WasmCodecName) => Promise<BufferSource | WebAssembly.Module>;

let loader: CodecLoader | undefined;

/** Tells where WASM binaries are. Call it before the first frame is decoded; codecs loaded so far are dropped. */
export function setCodecLoader(next: CodecLoader): void {
  loader = next;
  releaseCodecs();
}

type Factory = (options: object) => Promise<unknown>;

// The glue is small; only the binary is worth a loader. None of it evaluates strings, so it runs under
// `script-src 'self' 'wasm-unsafe-eval'`.
const glue: Readonly<Record<WasmCodecName, () => Promise<Factory>>> = {
  charls: async () => (await import('@cornerstonejs/codec-charls/wasmjs')).default,
  openjpeg: async () => (await import('@cornerstonejs/codec-openjpeg/wasmjs')).default,
  openjph: async () => (await import('@cornerstonejs/codec-openjph/wasmjs')).default,
  webp: async () => (await import('./webp-module')).default,
};

/** What Lethe uses of every codec instance. */
interface Instance {
  readonly HEAPU8: Uint8Array;
}

/** WASM memory never shrinks: an instance that grew beyond this is dropped after the call. */
const MAX_HEAP = 256 * 1024 * 1024;

const instances = new Map<WasmCodecName, Promise<unknown>>();

/** Heaps of the instances that are alive, by name; entries go with their instance. */
const heaps = new Map<WasmCodecName, Instance>();

/** Bytes of WASM memory that the codecs hold now. */
export function heapBytes(): number {
  let total = 0;
  for (const [name, instance] of heaps) if (instances.has(name)) total += instance.HEAPU8.byteLength;
  return total;
}

async function start(name: WasmCodecName): Promise<unknown> {
  if (loader === undefined) throw new Error(`no loader for codec binaries was set (setCodecLoader), ${name} is wanted`);
  const [factory, binary] = await Promise.all([glue[name](), loader(name)]);
  return new Promise((resolve, reject) => {
    const instantiateWasm = (
      imports: WebAssembly.Imports,
      receive: (instance: WebAssembly.Instance, module?: WebAssembly.Module) => void,
    ): object => {
      const started =
        binary instanceof WebAssembly.Module
          ? WebAssembly.instantiate(binary, imports).then((instance) => receive(instance, binary))
          : WebAssembly.instantiate(binary, imports).then(({ instance, module }) => receive(instance, module));
      started.catch(reject);
      return {};
    };
    const silent = (): void => undefined;
    factory({ instantiateWasm, print: silent, printErr: silent }).then(resolve, reject);
  });
}

/** Drops all codec instances and their memory; the next frame loads anew. */
export function releaseCodecs(): void {
  instances.clear();
  heaps.clear();
}

function drop(name: WasmCodecName): void {
  instances.delete(name);
  heaps.delete(name);
}

/**
 * Runs `work` with an instance of the codec. When `work` throws (the packages throw C++ exceptions and abort on damaged
 * data) the instance is dropped, since its memory can't be trusted any more, and null is returned.
 */
export async function withCodec<N extends WasmCodecName, T>(
  name: N,
  work: (module: CodecModules[N]) => T,
): Promise<T | null> {
  let instance = instances.get(name);
  if (instance === undefined) {
    instance = start(name);
    instances.set(name, instance);
    // A loader that failed once may succeed later.
    instance.catch(() => instances.delete(name));
  }
  const module = await instance;
  heaps.set(name, module as Instance);
  try {
    return work(module as CodecModules[N]);
  } catch {
    drop(name);
    return null;
  } finally {
    if ((module as Instance).HEAPU8.byteLength > MAX_HEAP) drop(name);
  }
}
