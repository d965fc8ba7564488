/** What runs on a second thread: the two networks on wasm, loaded when first asked for. */
import { turn } from './breath';
import type { Assistant, NetworkRuns } from './lanes';
import type { ModelSource } from './models';

/** Says which buffers go along with a value to another thread (comlink's `transfer`). */
type Transfer = <T extends object>(value: T, buffers: ArrayBuffer[]) => T;

type Networks = typeof import('./networks');

/** The far side. */
export function networkRuns(models: ModelSource, transfer: Transfer): Far {
  let dropped = 0;
  /** Hears first whether what waits is to be dropped. @throws Error when it is */
  const wanted = async (asked: number): Promise<void> => {
    await turn();
    if (dropped > asked) throw new Error('given up');
  };
  let detector: ReturnType<Networks['loadDetector']> | undefined;
  let recogniser: ReturnType<Networks['loadRecogniser']> | undefined;
  return {
    async probabilities(image, height, width) {
      detector ??= import('./networks').then(({ loadDetector }) => loadDetector(models, 'wasm'));
      const asked = dropped;
      const network = await detector;
      await wanted(asked);
      const map = await network.probabilities(image, height, width);
      return transfer(map, [map.buffer as ArrayBuffer]);
    },
    async bestClasses(strips, count, width) {
      recogniser ??= import('./networks').then(({ loadRecogniser }) => loadRecogniser(models, 'wasm'));
      const asked = dropped;
      const network = await recogniser;
      await wanted(asked);
      const best = await network.bestClasses(strips, count, width);
      return transfer(best, [best.classes.buffer as ArrayBuffer, best.probabilities.buffer as ArrayBuffer]);
    },
    drop: () => {
      dropped++;
      return Promise.resolve();
    },
  };
}

/** Calls of the far side from the near one. */
export interface Far extends NetworkRuns {
  /** Gives up the runs that wait; the one it is in is finished. */
  drop(): Promise<void>;
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
    drop: () => {
      thread?.far.drop().catch(() => undefined);
    },
    dispose: () => {
      thread?.end();
      thread = undefined;
    },
  };
}
