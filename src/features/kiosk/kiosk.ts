/** A kiosk: the policy beside the page is read before anything is shown, and kept from then on. */
import type { KioskPolicy } from '../../core/kiosk/policy';
import { useApp } from '../../store';
import { closeSession } from '../session';

/** The rest of the reader is loaded only where there is a policy. */
const isOff = (text: string): boolean =>
  /^\s*\{\s*"schema":\s*"lethe-kiosk\/1",\s*"enabled":\s*false\s*\}\s*$/.test(text);

/** Resolves when the policy is in force. Never rejects: a policy that can't be kept closes the page for work. */
export async function startKiosk(): Promise<void> {
  let text: string;
  try {
    const response = await fetch('./kiosk.json');
    // A host without the file has no kiosk.
    if (!response.ok) return;
    text = await response.text();
  } catch {
    return;
  }
  if (isOff(text)) return;
  const { readKioskPolicy } = await import('../../core/kiosk/policy');
  const read = readKioskPolicy(text);
  if (!read.ok) useApp.setState({ kiosk: 'unusable' });
  else if (read.value !== null) keep(read.value);
}

function keep(policy: KioskPolicy): void {
  const app = useApp.getState();
  useApp.setState({ kiosk: policy, ...(policy.profile !== null && { profile: policy.profile }) });
  if (policy.language !== null) app.setSettings({ locale: policy.language });
  if (policy.idleMinutes !== null) wipeWhenIdle(policy.idleMinutes * 60_000);
}

/** Forgets everything when nobody has touched the machine for so long; work in progress is not idle. */
function wipeWhenIdle(ms: number): void {
  let touched = performance.now();
  for (const kind of ['pointerdown', 'pointermove', 'keydown', 'wheel', 'drop'] as const) {
    window.addEventListener(kind, () => (touched = performance.now()), { passive: true, capture: true });
  }
  window.setInterval(
    () => {
      const { exportState, instances, interrupted } = useApp.getState();
      if (exportState === 'running') touched = performance.now();
      if (performance.now() - touched < ms || (instances.size === 0 && interrupted === null)) return;
      closeSession();
    },
    Math.min(ms / 4, 5_000),
  );
}
