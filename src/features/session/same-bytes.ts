/** Whether two files hold the same bytes, read a piece at a time. */
const piece = 1024 * 1024;

export async function sameBytes(a: Blob, b: Blob, signal: AbortSignal): Promise<boolean> {
  if (a.size !== b.size) return false;
  for (let at = 0; at < a.size; at += piece) {
    if (signal.aborted) return false;
    const [one, two] = await Promise.all([a, b].map((f) => f.slice(at, at + piece).arrayBuffer()));
    if (!one || !two) return false;
    const x = new Uint8Array(one);
    const y = new Uint8Array(two);
    for (let i = 0; i < x.length; i++) if (x[i] !== y[i]) return false;
  }
  return true;
}
