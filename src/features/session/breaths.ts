/** Milliseconds of work after which the page gets to answer to the person. */
const stretch = 12;

/**
 * For loops over a hundred thousand things on the main thread: a function to be awaited in each round, which lets the page breathe
 * whenever the last breath is long enough ago.
 */
export function breaths(): () => Promise<void> | undefined {
  let since = performance.now();
  return () => {
    if (performance.now() - since < stretch) return undefined;
    return new Promise((resolve) => {
      setTimeout(() => {
        since = performance.now();
        resolve();
      });
    });
  };
}
