/** Writes out the values of a translated network: what was held back to be folded becomes operations. */
import type { GraphBuilder } from './graph-model';
import { isAll, join, type Gate, type PerChannel, type Tensor, type Value } from './lazy-values';

export class Writer {
  constructor(private readonly builder: GraphBuilder) {}

  gate(gate: Gate, offset: number): string {
    const bias = gate.of.bias.map((v) => v + offset);
    return this.builder.clip(this.plain({ ...gate.of, bias }), offset, 1 + offset);
  }

  plain(value: Value): string {
    switch (value.kind) {
      case 'convolution':
        value.written ??= this.builder.convolution({
          ...value,
          filter: { shape: value.shape, data: value.filter },
        });
        return value.written;
      case 'tensor': {
        if (isAll(value.scale, 1)) return this.shifted(value);
        value.plain ??= this.addTo(this.builder.op('Mul', [value.ref, this.vector(value.scale)]), value.shift);
        return value.plain;
      }
      case 'gate':
        return this.gate(value, 0);
      case 'gated':
        return this.builder.op('Mul', [this.plain(value.value), this.gate(value.gate, 0)]);
      default:
        throw new Error(`${value.kind} has no tensor`);
    }
  }

  /** `ref + shift / scale`: what remains is a factor alone. */
  shifted(tensor: Tensor): string {
    tensor.shifted ??= this.addTo(
      tensor.ref,
      join(tensor.shift, tensor.scale, (shift, scale) => shift / scale),
    );
    return tensor.shifted;
  }

  addTo(ref: string, shift: PerChannel): string {
    return isAll(shift, 0) ? ref : this.builder.op('AddV2', [ref, this.vector(shift)]);
  }

  vector(values: PerChannel): string {
    return values.length === 1 ? this.builder.weights([], values) : this.builder.weights([values.length], values);
  }
}
