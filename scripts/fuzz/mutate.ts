/** Damages files in the ways that files get damaged, and in the ways that hostile ones are made. Deterministic by seed. */

/** A small generator of numbers (mulberry32): the same seed gives the same damage on every machine. */
export function random(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

type Rng = () => number;
const below = (rng: Rng, limit: number): number => Math.floor(rng() * limit);

/** Bytes that mean something to a parser: lengths at the edges, item tags and delimiters in both byte orders, VRs. */
const telling: readonly (readonly number[])[] = [
  [0xff, 0xff, 0xff, 0xff],
  [0x00, 0x00, 0x00, 0x00],
  [0xfe, 0xff, 0xff, 0xff],
  [0x00, 0x00, 0x00, 0x80],
  [0xff, 0xff, 0xff, 0x7f],
  [0xff, 0xff],
  [0xfe, 0xff, 0x00, 0xe0, 0xff, 0xff, 0xff, 0xff],
  [0xfe, 0xff, 0x00, 0xe0, 0x00, 0x00, 0x00, 0x00],
  [0xfe, 0xff, 0x0d, 0xe0, 0x00, 0x00, 0x00, 0x00],
  [0xfe, 0xff, 0xdd, 0xe0, 0x00, 0x00, 0x00, 0x00],
  [0xff, 0xfe, 0xe0, 0x00],
  [0x53, 0x51, 0x00, 0x00, 0xff, 0xff, 0xff, 0xff],
  [0x55, 0x4e, 0x00, 0x00, 0xff, 0xff, 0xff, 0xff],
  [0x53, 0x51],
  [0x55, 0x4e],
  [0x4f, 0x42],
  [0x50, 0x4e],
  [0xe0, 0x7f, 0x10, 0x00],
  [0x08, 0x00, 0x05, 0x00],
  [0x1b, 0x24, 0x42],
];

type Mutation = (bytes: Uint8Array, at: (limit: number) => number, rng: Rng, other: Uint8Array) => Uint8Array;

function spliced(bytes: Uint8Array, start: number, end: number, middle: Uint8Array): Uint8Array {
  const result = new Uint8Array(start + middle.length + Math.max(0, bytes.length - end));
  result.set(bytes.subarray(0, start));
  result.set(middle, start);
  if (end < bytes.length) result.set(bytes.subarray(end), start + middle.length);
  return result;
}

const mutations: readonly Mutation[] = [
  (bytes, at, rng) => {
    bytes[at(bytes.length)] = below(rng, 256);
    return bytes;
  },
  (bytes, at, rng) => {
    const i = at(bytes.length);
    bytes[i] = (bytes[i] ?? 0) ^ (1 << below(rng, 8));
    return bytes;
  },
  (bytes, at, rng) => {
    const value = telling[below(rng, telling.length)] ?? [];
    const i = at(Math.max(1, bytes.length - value.length));
    bytes.set(value.slice(0, bytes.length - i), i);
    return bytes;
  },
  (bytes, at, rng) => {
    // a length field that is off by a little
    const i = at(bytes.length);
    bytes[i] = ((bytes[i] ?? 0) + [1, 2, 255, 254][below(rng, 4)]!) & 0xff;
    return bytes;
  },
  (bytes, at) => bytes.subarray(0, at(bytes.length)),
  (bytes, at, rng) => {
    const start = at(bytes.length);
    return spliced(bytes, start, start + 1 + below(rng, 64), new Uint8Array(0));
  },
  (bytes, at, rng) => {
    const start = at(bytes.length);
    const piece = bytes.slice(start, start + 1 + below(rng, 200));
    const to = at(bytes.length);
    return spliced(bytes, to, to, piece);
  },
  (bytes, at, rng, other) => {
    const from = below(rng, Math.max(1, other.length));
    const to = at(bytes.length);
    return spliced(bytes, to, to + below(rng, 200), other.slice(from, from + 1 + below(rng, 200)));
  },
  (bytes, at, rng) => {
    const start = at(bytes.length);
    return spliced(bytes, start, start, new Uint8Array(1 + below(rng, 40)));
  },
  (bytes, _at, rng) =>
    spliced(
      bytes,
      bytes.length,
      bytes.length,
      Uint8Array.from({ length: 1 + below(rng, 40) }, () => below(rng, 256)),
    ),
  (bytes, at) => {
    // two stretches change places: disorder, and items outside their sequences
    const a = at(bytes.length);
    const b = at(bytes.length);
    const size = Math.min(48, bytes.length - Math.max(a, b));
    const held = bytes.slice(a, a + size);
    bytes.copyWithin(a, b, b + size);
    bytes.set(held, b);
    return bytes;
  },
];

/** One injury, or up to five, to a copy of `original`; most of them in the first `header` bytes, where they can do harm. */
export function mutate(original: Uint8Array, other: Uint8Array, header: number, rng: Rng): Uint8Array {
  let bytes: Uint8Array = original.slice();
  const count = rng() < 0.6 ? 1 : 1 + below(rng, 5);
  for (let i = 0; i < count && bytes.length > 0; i++) {
    const at = (limit: number): number =>
      below(rng, rng() < 0.9 ? Math.max(1, Math.min(limit, header)) : Math.max(1, limit));
    const mutation = mutations[below(rng, mutations.length)];
    // a subarray must not be written through: each step works on a copy of its own
    bytes = mutation?.(bytes.slice(), at, rng, other) ?? bytes;
  }
  return bytes;
}
