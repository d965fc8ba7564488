/**
 * Bytes behind the end of a coded picture, inside its chunk. No header tells how long the coded data are; but a decoder that is given
 * less than it needs fails, so the shortest beginning that still gives the same pixels is the picture, and the rest is something else.
 */
import { type Result, ok } from '../../result';
import type { WebpFrame } from './container';

type Decode = (frame: WebpFrame) => Promise<Result<Uint8Array>>;

/** Decoders read ahead in steps: how short is still enough wavers within less than this many bytes. */
const window = 16;

/** The picture without what follows its coded data. Errors: those of decoding. */
export async function withoutTail(
  frame: WebpFrame,
  decode: Decode,
): Promise<Result<{ readonly frame: WebpFrame; readonly removed: number }>> {
  const whole = await decode(frame);
  if (!whole.ok) return whole;
  const same = async (shorter: WebpFrame): Promise<boolean> => {
    const decoded = await decode(shorter);
    return decoded.ok && equal(decoded.value, whole.value);
  };
  const length = await shortest(frame.data.length, 10, (n) => same({ ...frame, data: frame.data.subarray(0, n) }));
  const cut: WebpFrame = { ...frame, data: frame.data.subarray(0, length) };
  const { alpha } = frame;
  if (alpha === null) return ok({ frame: cut, removed: frame.data.length - length });
  const kept = await shortest(alpha.length, 1, (n) => same({ ...cut, alpha: alpha.subarray(0, n) }));
  const removed = frame.data.length - length + alpha.length - kept;
  return ok({ frame: { ...cut, alpha: alpha.subarray(0, kept) }, removed });
}

/** The least length that is enough: roughly by halving, then, since decoders waver there, one by one. */
async function shortest(most: number, least: number, enough: (length: number) => Promise<boolean>): Promise<number> {
  let fits = most;
  let step = 2 * window;
  let doctored = false;
  while (fits - step >= least && (await enough(fits - step))) {
    fits -= step;
    step *= 2;
    doctored = true;
  }
  let fails = Math.max(least - 1, fits - step);
  while (doctored && fits - fails > window) {
    const middle = Math.floor((fits + fails) / 2);
    if (await enough(middle)) fits = middle;
    else fails = middle;
  }
  for (let found = true; found;) {
    found = false;
    for (let length = Math.max(least, fits - window); length < fits && !found; length++) {
      if (!(await enough(length))) continue;
      fits = length;
      found = true;
    }
  }
  return fits;
}

function equal(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}
