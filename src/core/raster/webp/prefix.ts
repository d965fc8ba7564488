/** Prefix codes of bounded length (RFC 9649 6.2.1): lengths by frequency, words by length. */

/** Lengths of a code for the symbols that occur; a lone symbol gets length 1. None is longer than `limit`. */
export function optimalLengths(counts: Uint32Array, limit: number): Uint8Array {
  const lengths = new Uint8Array(counts.length);
  const symbols = Array.from(counts.keys()).filter((s) => counts[s] !== 0);
  if (symbols.length === 1) lengths[symbols[0] as number] = 1;
  if (symbols.length < 2) return lengths;
  // Rare symbols are taken for less rare until the tree is flat enough.
  for (let least = 1; ; least *= 2) {
    if (treeLengths(counts, symbols, least, lengths) <= limit) return lengths;
  }
}

interface Node {
  readonly weight: number;
  readonly parts: readonly [Node, Node] | number;
}

function treeLengths(counts: Uint32Array, symbols: readonly number[], least: number, lengths: Uint8Array): number {
  const leaves: Node[] = symbols.map((s) => ({ weight: Math.max(least, counts[s] as number), parts: s }));
  leaves.sort((a, b) => a.weight - b.weight || (a.parts as number) - (b.parts as number));
  const made: Node[] = [];
  let leaf = 0;
  let inner = 0;
  const lightest = (): Node => {
    const a = leaves[leaf];
    const b = made[inner];
    if (b === undefined || (a !== undefined && a.weight <= b.weight)) {
      leaf++;
      return a as Node;
    }
    inner++;
    return b;
  };
  while (leaves.length - leaf + made.length - inner > 1) {
    const one = lightest();
    const two = lightest();
    made.push({ weight: one.weight + two.weight, parts: [one, two] });
  }
  let deepest = 0;
  const walk = (node: Node, depth: number): void => {
    if (typeof node.parts === 'number') {
      lengths[node.parts] = depth;
      deepest = Math.max(deepest, depth);
      return;
    }
    walk(node.parts[0], depth + 1);
    walk(node.parts[1], depth + 1);
  };
  walk(made[made.length - 1] as Node, 0);
  return deepest;
}

/** Canonical words, with their first bit lowest as they are written. */
export function prefixCodes(lengths: Uint8Array): Uint16Array {
  const words = new Uint16Array(lengths.length);
  let next = 0;
  for (let length = 1; length <= 15; length++) {
    for (let symbol = 0; symbol < lengths.length; symbol++) {
      if (lengths[symbol] !== length) continue;
      let reversed = 0;
      for (let i = 0; i < length; i++) reversed |= ((next >> i) & 1) << (length - 1 - i);
      words[symbol] = reversed;
      next++;
    }
    next <<= 1;
  }
  return words;
}
