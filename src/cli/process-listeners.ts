/**
 * TensorFlow.js' wasm backend adds listeners to the process that throw whatever reaches them: a rejected promise anywhere would
 * then end the command line with a page of foreign source code. The command line has its own way with errors.
 */
const events = ['uncaughtException', 'unhandledRejection'] as const;

/** Runs a task and takes away the listeners that it left on the process. */
export async function withoutNewListeners<T>(task: () => Promise<T>): Promise<T> {
  const before = new Set(events.flatMap((event) => process.rawListeners(event)));
  try {
    return await task();
  } finally {
    for (const event of events)
      for (const listener of process.rawListeners(event))
        if (!before.has(listener)) process.removeListener(event, listener as () => void);
  }
}
