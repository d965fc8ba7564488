/** A kiosk: the policy beside the page is known before any file is opened, and kept from then on. */
import { keepKioskSession, kioskSession } from '../../client/kiosk-session';
import type { KioskPolicy } from '../../core/kiosk/policy';
import { useApp } from '../../store';
import { onAsked, refusal } from '../../store/kiosk';
import { closeSession } from '../session';

/** The rest of the reader is loaded only where there is a policy. */
const isOff = (text: string): boolean =>
  /^\s*\{\s*"schema":\s*"lethe-kiosk\/1",\s*"enabled":\s*false\s*\}\s*$/.test(text);

/** What the policy was when it could last be asked for: a machine that is unplugged keeps it. */
const rememberedName = 'lethe-policy';
const askFor = 4_000;

/** The policy's text; '' where the host has none; null when neither the host nor an earlier visit can say. */
async function policyText(): Promise<string | null> {
  if (navigator.onLine) {
    try {
      const response = await fetch('./kiosk.json', { cache: 'no-cache', signal: AbortSignal.timeout(askFor) });
      const text = response.ok ? await response.text() : response.status === 404 ? '' : null;
      if (text !== null) {
        remember(text);
        return text;
      }
    } catch {
      // Not there now: what was said last holds.
    }
  }
  try {
    return localStorage.getItem(rememberedName);
  } catch {
    return null;
  }
}

function remember(text: string): void {
  try {
    localStorage.setItem(rememberedName, text);
  } catch {
    // No storage: it is asked for at each visit.
  }
}

/**
 * The page may be shown at once: until this is settled nothing can be opened. Never rejects: a policy that can't be known, kept or
 * recorded closes the page for work.
 */
export async function startKiosk(): Promise<void> {
  useApp.setState({ kiosk: 'unknown' });
  const text = await policyText();
  if (text === '' || (text !== null && isOff(text))) {
    useApp.setState({ kiosk: null });
    return;
  }
  try {
    const [{ readKioskPolicy }, { KioskSession }, { browserSecurityStore }] = await Promise.all([
      import('../../core/kiosk/policy'),
      import('../../core/kiosk/session'),
      import('../../client/security-store'),
    ]);
    const read = readKioskPolicy(text ?? '');
    if (read.ok && read.value === null) useApp.setState({ kiosk: null });
    else if (read.ok && read.value !== null) {
      keepKioskSession(await KioskSession.begin(read.value, await browserSecurityStore()));
      keep(read.value);
    } else useApp.setState({ kiosk: 'unusable' });
  } catch {
    useApp.setState({ kiosk: 'unusable' });
  }
}

function keep(policy: KioskPolicy): void {
  const app = useApp.getState();
  const session = kioskSession();
  const role = session?.role ?? null;
  useApp.setState({ kiosk: { policy, role }, ...(policy.profile !== null && { profile: policy.profile }) });
  session?.subscribe(() => {
    const { kiosk: before, dialog } = useApp.getState();
    const isOther = before !== null && typeof before !== 'string' && before.role !== session.role;
    // Steps of somebody else are not taken back, nor done again; what somebody else had open beside the images goes with them.
    useApp.setState({
      kiosk: { policy, role: session.role },
      ...(isOther && { past: [], future: [], dialog: dialog === 'unlock' ? dialog : null }),
    });
  });
  onAsked((action, decision) => {
    const quiet = action === 'edit-regions' || action === 'exclude';
    if (!decision.allowed || !quiet) void session?.ask(action).catch(() => undefined);
    if (decision.allowed) return;
    const { kiosk, notify } = useApp.getState();
    const [key, values] = refusal(kiosk, decision);
    notify(key, { values, tone: 'error' });
  });
  if (policy.language !== null) app.setSettings({ locale: policy.language });
  if (policy.idleMinutes !== null) wipeWhenIdle(policy, policy.idleMinutes * 60_000);
}

/** Forgets everything when nobody has touched the machine for so long; work in progress is not idle. */
function wipeWhenIdle(policy: KioskPolicy, ms: number): void {
  let touched = performance.now();
  for (const kind of ['pointerdown', 'pointermove', 'keydown', 'wheel', 'drop'] as const) {
    window.addEventListener(kind, () => (touched = performance.now()), { passive: true, capture: true });
  }
  window.setInterval(
    () => {
      const { exportState, instances, interrupted } = useApp.getState();
      const session = kioskSession();
      if (exportState === 'running') touched = performance.now();
      if (performance.now() - touched < ms) return;
      void session?.lock().catch(() => undefined);
      if (instances.size === 0 && interrupted === null) return;
      closeSession();
      // What a supervisor chose goes with the supervisor.
      useApp.setState({ dialog: null, ...(policy.profile !== null && { profile: policy.profile }) });
      void session?.note({ event: 'wiped' }).catch(() => undefined);
    },
    Math.min(ms / 4, 5_000),
  );
}
