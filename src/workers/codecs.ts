/** The binaries of the codecs, served by the page itself, fetched when a frame first needs them. */
import charls from '@cornerstonejs/codec-charls/wasm?url';
import openjpeg from '@cornerstonejs/codec-openjpeg/wasm?url';
import openjph from '@cornerstonejs/codec-openjph/wasm?url';
import webp from '@cwasm/webp/webp.wasm?url';
import { setCodecLoader } from '../core/pixels/codecs/wasm';

const addresses = { charls, openjpeg, openjph, webp } as const;

export function setUpCodecs(): void {
  setCodecLoader(async (name) => {
    const response = await fetch(new URL(addresses[name], import.meta.url));
    if (!response.ok) throw new Error(`${name}: ${response.status}`);
    return response.arrayBuffer();
  });
}
