/**
 * Joins the small pieces of an archive (headers, short files) into larger ones before they are written: a write to a file costs much
 * the same whatever its length, in a browser a message to another process. Long pieces go through untouched.
 */
const gatherLength = 256 * 1024;

export function gather(source: ReadableStream<Uint8Array>): ReadableStream<Uint8Array> {
  const reader = source.getReader();
  let buffer = new Uint8Array(gatherLength);
  let filled = 0;
  /** A long piece that waits for the short ones before it to be out. */
  let next: Uint8Array | undefined;
  const flush = (controller: ReadableStreamDefaultController<Uint8Array>): void => {
    controller.enqueue(buffer.subarray(0, filled));
    // The one that went out belongs to whoever writes it.
    buffer = new Uint8Array(gatherLength);
    filled = 0;
  };
  return new ReadableStream<Uint8Array>(
    {
      pull: async (controller) => {
        for (;;) {
          if (next !== undefined && filled === 0) {
            controller.enqueue(next);
            next = undefined;
            return;
          }
          const { value, done } = await reader.read();
          if (done) {
            if (filled > 0) flush(controller);
            controller.close();
            return;
          }
          if (filled + value.byteLength <= gatherLength) {
            buffer.set(value, filled);
            filled += value.byteLength;
            continue;
          }
          if (value.byteLength >= gatherLength) next = value;
          if (filled > 0) {
            flush(controller);
            if (next === undefined) {
              buffer.set(value);
              filled = value.byteLength;
            }
            return;
          }
        }
      },
      cancel: (reason) => reader.cancel(reason),
    },
    { highWaterMark: 0 },
  );
}
