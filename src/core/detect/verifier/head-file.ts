/** What was learnt as a file: to be taken to another browser, or kept. It holds numbers of the network, no pixels and no text. */
import type { Head } from './head';
import { featureCount } from './network-shape';

export interface LearntHead {
  readonly head: Head;
  /** How many corrections went into it. */
  readonly corrections: number;
}

const schema = 'lethe-region-verifier/1';
/** No weight of a sound head comes near this. */
const largest = 100;

export function writeHead({ head, corrections }: LearntHead): string {
  return JSON.stringify({ schema, corrections, bias: head.bias, weights: Array.from(head.weights) });
}

/** @returns null when it is not such a file, or its numbers are none that could have been learnt */
export function readHead(text: string): LearntHead | null {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return null;
  }
  if (typeof json !== 'object' || json === null) return null;
  const { schema: kind, corrections, bias, weights } = json as Readonly<Record<string, unknown>>;
  const sound = (value: unknown): value is number => typeof value === 'number' && Math.abs(value) <= largest;
  if (kind !== schema || !sound(bias) || !Array.isArray(weights) || weights.length !== featureCount) return null;
  if (!weights.every(sound)) return null;
  const count = typeof corrections === 'number' && Number.isInteger(corrections) && corrections >= 0 ? corrections : 0;
  return { head: { weights: Float32Array.from(weights), bias }, corrections: count };
}
