/** Runs `task` for every value, at most `lanes` at a time, in the order of the values. Rejects with the first rejection. */
export async function runLanes<T>(
  values: Iterable<T>,
  lanes: number,
  task: (value: T) => Promise<void>,
): Promise<void> {
  const iterator = values[Symbol.iterator]();
  const lane = async (): Promise<void> => {
    for (let next = iterator.next(); next.done !== true; next = iterator.next()) await task(next.value);
  };
  await Promise.all(Array.from({ length: Math.max(1, lanes) }, lane));
}
