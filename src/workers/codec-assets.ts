import charls from '@cornerstonejs/codec-charls/wasm?url';
import openjpeg from '@cornerstonejs/codec-openjpeg/wasm?url';
import openjph from '@cornerstonejs/codec-openjph/wasm?url';
import { setCodecLoader, type WasmCodecName } from '../core/pixels/codecs';

/** Files that the build emits beside the scripts, served from the page's own origin. */
const urls: Readonly<Record<WasmCodecName, string>> = { charls, openjpeg, openjph };

/** Tells core where the WASM codecs are. Call once when a worker starts; a binary is fetched when a frame first needs it. */
export function provideCodecs(): void {
  setCodecLoader(async (name) => {
    const response = await fetch(urls[name]);
    if (!response.ok) throw new Error(`codec ${name} could not be loaded`);
    return WebAssembly.compile(await response.arrayBuffer());
  });
}
