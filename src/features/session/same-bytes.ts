import type { FileInput } from '../../client/types';
import { getClient } from './files';

const piece = 1024 * 1024;

/** What lies in an archive is unpacked by a worker, so it is compared by its hash. */
export async function sameContent(a: FileInput, b: FileInput, signal: AbortSignal): Promise<boolean> {
  if (a.packed === undefined && b.packed === undefined) return sameBytes(a.file, b.file, signal);
  const [one, two] = await Promise.all([getClient().hash(a, signal), getClient().hash(b, signal)]);
  return one.ok && two.ok && one.value === two.value;
}

/** Whether two files hold the same bytes, read a piece at a time. */
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
