/** The last layer of the verifier: a logistic unit. It is what learns from a person's corrections; the rest stays as trained. */

export interface Head {
  readonly weights: Float32Array;
  readonly bias: number;
}

/** What a person decided about a region, as the numbers that the head sees of it. No pixels, no text. */
export interface Correction {
  readonly features: Float32Array;
  readonly text: boolean;
}

/** Most corrections that are learnt at a time: the newest count. */
export const mostCorrections = 600;

/** How far a head may be from the factory's, as a part of the factory's own length: it judges otherwise, it is not another. */
const farthest = 0.6;

/** The head itself, or the nearest one on its way to the factory's that is near enough. */
export function bounded(factory: Head, head: Head): Head {
  const apart = Array.from(head.weights, (value, i) => value - (factory.weights[i] ?? 0));
  const shift = head.bias - factory.bias;
  const distance = Math.hypot(...apart, shift);
  const allowed = farthest * Math.hypot(...factory.weights, factory.bias, 1);
  if (!Number.isFinite(distance)) return factory;
  if (distance <= allowed) return head;
  const part = allowed / distance;
  return {
    weights: factory.weights.map((value, i) => value + part * (apart[i] ?? 0)),
    bias: factory.bias + part * shift,
  };
}

export function textProbability(head: Head, features: Float32Array): number {
  return logistic(score(head, features));
}

function score(head: Head, features: Float32Array): number {
  let sum = head.bias;
  for (let i = 0; i < features.length; i++) sum += (features[i] ?? 0) * (head.weights[i] ?? 0);
  return sum;
}

function logistic(x: number): number {
  return 1 / (1 + Math.exp(-x));
}

/** How strongly the factory's weights hold: a few corrections bend the verifier, none breaks it. */
const hold = 0.02;
const steps = 300;

/**
 * Learns corrections by gradient descent from the factory's head, always from the beginning, so that the same corrections in any
 * order give the same head. Both kinds of corrections weigh the same, however many there are of each.
 */
export function learn(factory: Head, said: readonly Correction[]): Head {
  const corrections = said.slice(-mostCorrections);
  const texts = corrections.filter((c) => c.text).length;
  const others = corrections.length - texts;
  const weights = Float64Array.from(factory.weights);
  let bias = factory.bias;
  // The size of a step that cannot overshoot: the curvature of the loss is at most a quarter of the squared length.
  const longest = corrections.reduce(
    (most, c) =>
      Math.max(
        most,
        c.features.reduce((a, b) => a + b * b, 1),
      ),
    1,
  );
  const rate = 1 / (longest / 4 + hold);
  for (let step = 0; step < (corrections.length > 0 ? steps : 0); step++) {
    const gradient = weights.map((value, i) => hold * (value - (factory.weights[i] ?? 0)));
    let slope = hold * (bias - factory.bias);
    for (const { features, text } of corrections) {
      const share = texts > 0 && others > 0 ? 0.5 / (text ? texts : others) : 1 / corrections.length;
      const error = share * (logistic(dot(weights, features) + bias) - (text ? 1 : 0));
      slope += error;
      for (let i = 0; i < gradient.length; i++) gradient[i] = (gradient[i] ?? 0) + error * (features[i] ?? 0);
    }
    bias -= rate * slope;
    for (let i = 0; i < weights.length; i++) weights[i] = (weights[i] ?? 0) - rate * (gradient[i] ?? 0);
  }
  return { weights: Float32Array.from(weights), bias };
}

function dot(a: Float64Array, b: Float32Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += (a[i] ?? 0) * (b[i] ?? 0);
  return sum;
}
