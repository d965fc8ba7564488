import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { setCodecLoader, type WasmCodecName } from '../core/pixels/codecs';

const specifiers: Readonly<Record<WasmCodecName, string>> = {
  charls: '@cornerstonejs/codec-charls/wasm',
  openjpeg: '@cornerstonejs/codec-openjpeg/wasm',
  openjph: '@cornerstonejs/codec-openjph/wasm',
  webp: '@cwasm/webp/webp.wasm',
};

/** Tells core where the WASM codecs lie in Node: in their packages. Call once before a frame is decoded. */
export function provideCodecs(): void {
  const require = createRequire(import.meta.url);
  setCodecLoader(async (name) => Uint8Array.from(await readFile(require.resolve(specifiers[name]))));
}
