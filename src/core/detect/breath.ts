/** Turns for what waits on this thread. Timers that follow each other are held back for 4 ms in browsers, messages are not. */

/** Node's own; no browser has it. */
const { setImmediate } = globalThis as { readonly setImmediate?: (done: () => void) => unknown };

/** Resolves when messages that are here already (an abort is one) were heard. */
export function turn(): Promise<void> {
  return new Promise((resolve) => {
    if (setImmediate) {
      setImmediate(resolve);
      return;
    }
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      resolve();
    };
    port2.postMessage(null);
  });
}
