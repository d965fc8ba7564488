/** The engine with what only a browser's worker has: files as Blobs, models and codecs by their address. */
import { transfer } from 'comlink';
import { createTextEngine } from '../core/detect';
import type { Head } from '../core/detect/verifier/head';
import { createEngine } from '../core/pipeline/engine';
import { createEngineHost, type EngineHost } from '../core/pipeline/host';
import { packedSource, type InputBytes } from '../core/pipeline/packed';
import { setUpCodecs } from './codecs';
import { fetchedModels } from './fetched-models';
import { hardwareAccelerators } from './accelerators';
import { onlyHelper } from './helper';
import { workerScratch } from './scratch';
import { setUpVideo } from './video';

export interface BrowserHost extends EngineHost<InputBytes> {
  /**
   * Called once, before anything else: where the page serves the text models, as an absolute address ending in '/', and the region
   * verifier as it was learnt here, if it was.
   */
  configure(options: { readonly modelBase: string; readonly head: Head | null }): void;
}

export function createBrowserHost(): BrowserHost {
  setUpCodecs();
  setUpVideo();
  let modelBase = new URL('models/text/', self.location.origin).href;
  const scratch = workerScratch();
  const engine = createEngine({
    ...(scratch !== undefined && { scratch }),
    textEngine: async () => {
      const helpers = await onlyHelper();
      return createTextEngine({
        models: fetchedModels(() => modelBase),
        accelerators: await hardwareAccelerators(),
        ...(helpers && { helpers }),
      });
    },
  });
  return {
    ...createEngineHost<InputBytes>({
      engine,
      open: packedSource,
      isPacked: ({ packed }) => packed?.method === 'deflated',
      transfer: (value, buffers) => transfer(value, buffers),
      ...(scratch !== undefined && { scratch }),
    }),
    configure: (options) => {
      modelBase = options.modelBase;
      engine.useHead(options.head);
    },
  };
}
