/** The session at this machine's policy, where there is one. Held outside the store, since it has a will of its own. */
import type { KioskSession } from '../core/kiosk/session';

let current: KioskSession | null = null;

export const kioskSession = (): KioskSession | null => current;

export function keepKioskSession(session: KioskSession): void {
  current = session;
}
