/** The machine's policy as the page holds it: what it says is asked at every edit, so that no key, button or command gets round it. */
import { decide, type Attributes, type Decision } from '../core/kiosk/rules';
import type { KioskPolicy } from '../core/kiosk/policy';
import { may, type KioskAction, type Role } from '../core/kiosk/roles';
import type { MessageKey, MessageValues } from '../locales';
import type { AppState } from './index';

export interface Kiosk {
  readonly policy: KioskPolicy;
  /** null: nobody has said who they are yet. */
  readonly role: Role | null;
}

/** 'unknown': the policy is being read; 'unusable': there is one, and it can't be kept. In both nothing may be done. */
export type KioskState = Kiosk | 'unknown' | 'unusable' | null;

const free: Decision = { allowed: true, reason: 'free', missed: [] };
const closed: Decision = { allowed: false, reason: 'role', missed: [] };

/** What the policy says, for the screen. */
export function look(kiosk: KioskState, action: KioskAction, attributes: Attributes = {}): Decision {
  if (kiosk === null) return free;
  if (kiosk === 'unknown' || kiosk === 'unusable') return closed;
  return decide(kiosk.policy.rules, { ...attributes, role: kiosk.role, action, at: new Date() });
}

/** What the policy calls this machine, in place of the program's name. */
export const kioskTitle = ({ kiosk }: Pick<AppState, 'kiosk'>): string | null =>
  kiosk === null || typeof kiosk === 'string' ? null : kiosk.policy.title;

/** Whether open images, names and headers among them, are hidden from whoever is at the machine: a role that opens none sees none. */
export const isCovered = ({ kiosk }: Pick<AppState, 'kiosk'>): boolean =>
  kiosk !== null && typeof kiosk !== 'string' && !may(kiosk.role, 'open-files');

export const isAllowed = (state: Pick<AppState, 'kiosk'>, action: KioskAction): boolean =>
  look(state.kiosk, action).allowed;

type Listener = (action: KioskAction, decision: Decision) => void;
let listener: Listener = () => undefined;

/** Told of every act that was asked for, so that it can be recorded and a refusal explained. */
export function onAsked(next: Listener): void {
  listener = next;
}

/** Whether an act may go on. Where there is a policy, it is asked in the name of whoever is at the machine. */
export function permitted(state: Pick<AppState, 'kiosk'>, action: KioskAction): boolean {
  if (state.kiosk === null) return true;
  const decision = look(state.kiosk, action);
  listener(action, decision);
  return decision.allowed;
}

/** Why something is refused, in one sentence. */
export function refusal(kiosk: KioskState, { reason, rule }: Decision): readonly [MessageKey, MessageValues] {
  if (kiosk === 'unusable' || kiosk === 'unknown') return ['kiosk.unusable', {}];
  if (reason === 'rule') return ['kiosk.denied.rule', { rule: rule?.id ?? '', because: rule?.because ?? '' }];
  return [reason === 'no-rule' ? 'kiosk.denied.noRule' : 'kiosk.denied.role', {}];
}
