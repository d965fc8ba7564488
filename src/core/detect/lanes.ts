/**
 * Two runs of the networks at a time. TensorFlow.js computes on the thread that calls it; where the host has a second one (an
 * `Assistant`: a worker with networks of its own) the runs of one image are shared out between both.
 */

/** What a network says of the best class of every step of every strip. */
export interface BestClasses {
  readonly classes: Int32Array;
  readonly probabilities: Float32Array;
}

/** Runs of the detector, here or elsewhere; inputs and outputs are those of `Network` (runtime.ts). Inputs may be detached. */
export interface DetectorRuns {
  probabilities(image: Float32Array, height: number, width: number): Promise<Float32Array>;
}

/** Runs of the recogniser, likewise. */
export interface RecogniserRuns {
  bestClasses(strips: Float32Array, count: number, width: number): Promise<BestClasses>;
}

export interface NetworkRuns extends DetectorRuns, RecogniserRuns {}

/** The networks on a second thread. Its promises reject when that thread is gone. */
export interface Assistant extends NetworkRuns {
  /** Gives up the runs that wait there: their promises reject. The one it is in is finished. */
  drop?(): void;
  dispose(): void;
}

/** One run. `cost` in any unit that is the same for all runs of a list. */
export interface Run<Network, T> {
  readonly cost: number;
  /** Draws the input and runs a network over it; may be called a second time, on the own thread. */
  readonly on: (network: Network) => Promise<T>;
}

/** Runs that wait at the other thread: it must not stand idle while this one computes, nor have much to do after an abort. */
const ahead = 2;

/**
 * Runs all, in order of cost, and returns what they gave in the order of the list. What the assistant is to do first is on its way
 * when this returns its promise; the own runs begin after a breath. What the assistant fails to do is done here.
 * @param breathe called before every own run; when it throws, so does this, and the assistant drops what waits
 */
export async function share<Network, T>(
  runs: readonly Run<Network, T>[],
  own: Network,
  assistant: Network | null,
  breathe: () => Promise<void>,
): Promise<readonly T[]> {
  const results = new Map<number, T>();
  const [here, there] = assistant === null ? [runs.map((_, i) => i), []] : halves(runs);
  const failed: number[] = [];
  const flying = new Set<Promise<void>>();
  const waiting = [...there];
  const feed = (): void => {
    while (assistant !== null && flying.size < ahead) {
      const index = waiting.shift();
      const run = index === undefined ? undefined : runs[index];
      if (index === undefined || !run) return;
      const flight = run
        .on(assistant)
        .then(
          (result) => void results.set(index, result),
          () => void failed.push(index),
        )
        .finally(() => {
          flying.delete(flight);
          feed();
        });
      flying.add(flight);
    }
  };
  feed();
  const rest = [...here];
  try {
    for (;;) {
      const index = rest.shift() ?? failed.shift();
      if (index === undefined) {
        if (flying.size === 0) break;
        await Promise.race(flying);
        continue;
      }
      await breathe();
      const run = runs[index];
      if (run) results.set(index, await run.on(own));
    }
  } catch (error) {
    waiting.length = 0;
    dropWaiting(assistant);
    throw error;
  }
  return runs.flatMap((_, i) => {
    const result = results.get(i);
    return result === undefined ? [] : [result];
  });
}

function dropWaiting(other: unknown): void {
  (other as Pick<Assistant, 'drop'> | null)?.drop?.();
}

/** Places in the list, for this thread and for the other: the dearest first, each to who has less to do. */
function halves(runs: readonly { readonly cost: number }[]): readonly [number[], number[]] {
  const order = runs.map(({ cost }, i) => ({ cost, i })).sort((a, b) => b.cost - a.cost);
  const [here, there]: [number[], number[]] = [[], []];
  let [own, other] = [0, 0];
  for (const { cost, i } of order) {
    if (other <= own) {
      there.push(i);
      other += cost;
    } else {
      here.push(i);
      own += cost;
    }
  }
  return [here, there];
}
