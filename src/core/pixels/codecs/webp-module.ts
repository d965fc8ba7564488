/**
 * libwebp's decoder as it comes from its package: a bare WebAssembly module that wants three system calls, which decoding never
 * makes. There is no glue that would have to evaluate strings.
 */
import type { WebpModule } from './modules';

interface Exports {
  readonly memory: WebAssembly.Memory;
  malloc(size: number): number;
  free(at: number): void;
  WebPDecodeRGBA(at: number, length: number, width: number, height: number): number;
}

interface Options {
  readonly instantiateWasm: (
    imports: WebAssembly.Imports,
    receive: (instance: WebAssembly.Instance, module?: WebAssembly.Module) => void,
  ) => object;
}

const refused = (): never => {
  throw new Error('a decoder makes no system calls');
};
const imports = { wasi_snapshot_preview1: { fd_close: refused, fd_seek: refused, fd_write: refused } };

/** Same shape as the factories of the other codec packages. */
export default function factory(options: object): Promise<WebpModule & { readonly HEAPU8: Uint8Array }> {
  const { instantiateWasm } = options as Options;
  return new Promise((resolve) => {
    instantiateWasm(imports, (first, module) => {
      resolve({
        HEAPU8: new Uint8Array(0),
        // Memory of its own for every image: a hostile one can't reach into the next.
        decode: (file) => decode(module === undefined ? first : new WebAssembly.Instance(module, imports), file),
      });
    });
  });
}

function decode(instance: WebAssembly.Instance, file: Uint8Array): ReturnType<WebpModule['decode']> {
  const wasm = instance.exports as unknown as Exports;
  const at = wasm.malloc(file.length);
  if (at === 0) return null;
  new Uint8Array(wasm.memory.buffer, at, file.length).set(file);
  const room = wasm.malloc(8);
  const pixels = wasm.WebPDecodeRGBA(at, file.length, room, room + 4);
  if (pixels === 0) return null;
  const [width = 0, height = 0] = new Uint32Array(wasm.memory.buffer, room, 2);
  return { width, height, data: new Uint8Array(wasm.memory.buffer, pixels, width * height * 4).slice() };
}
