/** The sizes of the verifier's layers. */

/** Side of the window of each convolution and its outputs; each halves the resolution first. */
export const layers = [
  { side: 3, outputs: 16 },
  { side: 2, outputs: 32 },
  { side: 2, outputs: 48 },
] as const;

/** Numbers that the head sees: mean and maximum of every output of the last layer. */
export const featureCount = 2 * layers[2].outputs;

/** [inputs, outputs] of each layer's matrix. */
export function layerShapes(): readonly (readonly [number, number])[] {
  let channels = 1;
  return layers.map(({ side, outputs }) => {
    const shape = [channels * 4 * side * side, outputs] as const;
    channels = outputs;
    return shape;
  });
}
