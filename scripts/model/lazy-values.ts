/** What a network's values are while it is translated: nothing is written out before nothing more can be folded into it. */
import type { Activation } from './graph-model';

/** One number for all channels, or one for each. */
export type PerChannel = Float64Array;

/** A convolution that is not written yet. */
export interface Pending {
  readonly kind: 'convolution';
  readonly input: string;
  readonly shape: readonly number[];
  filter: Float64Array;
  bias: Float64Array;
  readonly strides: readonly [number, number];
  readonly pads: readonly [number, number, number, number];
  readonly depthwise: boolean;
  /** Sub-pixels that share a channel's affine map: output channel = sub-pixel × channels + channel. */
  readonly repeat: number;
  activation: Activation;
  written?: string;
}

/** `scale · ref + shift`, where the map is still to be folded into a reader. */
export interface Tensor {
  readonly kind: 'tensor';
  readonly ref: string;
  readonly scale: PerChannel;
  readonly shift: PerChannel;
  readonly repeat: number;
  plain?: string;
  shifted?: string;
}

/** clip(alpha · x + beta, 0, 1) over a convolution of 1×1 pixels. */
export interface Gate {
  readonly kind: 'gate';
  readonly of: Pending;
}

/** value · gate */
export interface Gated {
  readonly kind: 'gated';
  readonly value: Value;
  readonly gate: Gate;
}

/** Queries, keys and values of all heads in one linear layer. */
export interface Attention {
  readonly kind: 'attention';
  readonly linear: Pending;
  readonly heads: number;
}

/** One of the three, and what scales it. */
export interface AttentionPart {
  readonly kind: 'part';
  readonly of: Attention;
  readonly index: number;
  readonly factor: number;
}

export type Value = Pending | Tensor | Gate | Gated | Attention | AttentionPart;

export const one = Float64Array.of(1);
export const zero = Float64Array.of(0);
export const at = (values: PerChannel, i: number): number => values[values.length === 1 ? 0 : i % values.length] ?? 0;
export const isAll = (values: PerChannel, value: number): boolean => values.every((v) => v === value);
export const join = (a: PerChannel, b: PerChannel, f: (x: number, y: number) => number): PerChannel =>
  Float64Array.from({ length: Math.max(a.length, b.length) }, (_, i) => f(at(a, i), at(b, i)));

/** Makes an affine map part of a convolution that is not written yet. */
export function fold(value: Pending, scale: PerChannel, shift: PerChannel): void {
  const outputs = value.bias.length;
  const channels = outputs / value.repeat;
  value.filter = value.filter.map((v, i) => v * at(scale, (i % outputs) % channels));
  value.bias = value.bias.map((v, o) => v * at(scale, o % channels) + at(shift, o % channels));
}

/** What stands in the graph as `ref`, with nothing left to fold. */
export const asTensor = (ref: string, repeat = 1): Tensor => ({ kind: 'tensor', ref, scale: one, shift: zero, repeat });
