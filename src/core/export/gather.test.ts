import fc from 'fast-check';
import { expect, it } from 'vitest';
import { gather } from './gather';

const streamOf = (lengths: readonly number[]): ReadableStream<Uint8Array> => {
  let at = 0;
  let byte = 0;
  return new ReadableStream({
    pull: (controller) => {
      const length = lengths[at++];
      if (length === undefined) controller.close();
      else controller.enqueue(Uint8Array.from({ length }, () => (byte = (byte + 7) & 255)));
    },
  });
};

async function all(stream: ReadableStream<Uint8Array>): Promise<Uint8Array[]> {
  const pieces: Uint8Array[] = [];
  const reader = stream.getReader();
  for (;;) {
    const { value, done } = await reader.read();
    if (done) return pieces;
    pieces.push(value);
  }
}

const joined = (pieces: readonly Uint8Array[]): Buffer => Buffer.concat(pieces);

it('gives the same bytes in fewer pieces, whatever their lengths', async () => {
  const length = fc.oneof(fc.nat(300), fc.integer({ min: 250_000, max: 270_000 }), fc.constant(262_144));
  await fc.assert(
    fc.asyncProperty(fc.array(length, { maxLength: 10 }), async (lengths) => {
      const pieces = await all(gather(streamOf(lengths)));
      expect(joined(pieces).equals(joined(await all(streamOf(lengths))))).toBe(true);
      expect(pieces.length).toBeLessThanOrEqual(lengths.length + 1);
    }),
    { numRuns: 25 },
  );
  expect((await all(gather(streamOf(Array.from({ length: 4000 }, () => 200))))).length).toBeLessThan(5);
});

it('passes on a fault, and a cancel', async () => {
  const fault = gather(new ReadableStream({ pull: () => Promise.reject(new Error('gone')) }));
  await expect(all(fault)).rejects.toThrow('gone');
  let cancelled: unknown;
  const stream = gather(new ReadableStream({ cancel: (reason) => void (cancelled = reason) }));
  await stream.cancel('enough');
  expect(cancelled).toBe('enough');
});
