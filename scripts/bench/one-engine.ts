/** A batch done by one engine in the thread that asks, with nothing around it. */
import type { BatchRunner } from '../../src/core/pipeline/batch';
import type { Engine, Input } from '../../src/core/pipeline/types';

/** `inputs` by their index in the batch. */
export function oneEngine(engine: Engine, inputs: readonly Input[]): BatchRunner {
  const at = (index: number): Input => {
    const input = inputs[index];
    if (input === undefined) throw new RangeError('no such input');
    return input;
  };
  return {
    inspect: (index) => engine.facts(at(index)),
    hash: (index) => engine.hash(at(index)),
    process: (index, settings, signal) => engine.process(at(index), settings, signal),
    source: (index) => at(index).source,
  };
}
