/** Who signs in this session: a key that was unlocked with its passphrase. Memory only, and gone with the session. */
import type { Signer } from '../../core/cms/signing-key';

let signer: Signer | null = null;
const listeners = new Set<() => void>();

export const getSigner = (): Signer | null => signer;

export function setSigner(next: Signer | null): void {
  signer = next;
  for (const listener of listeners) listener();
}

export function onSigner(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
