/**
 * Attribute-based rules of a machine's policy. Where there are rules, what no rule allows is denied, and a rule that denies is
 * stronger than any that allows; their order is no matter. The table of roles comes first: no rule widens it.
 */
import { may, type KioskAction, type Role } from './roles';

export const weekdays = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'] as const;
export type Weekday = (typeof weekdays)[number];

/** By the clock of the machine. `from` after `to`: over midnight; the day is the one on which it began. */
export interface TimeWindow {
  readonly days?: readonly Weekday[] | undefined;
  /** 'HH:MM', the first minute and the first that is outside. */
  readonly from?: string | undefined;
  readonly to?: string | undefined;
}

export const destinations = ['folder', 'zip', 'encrypted-zip'] as const;
export type KioskDestination = (typeof destinations)[number];

/** All conditions that a rule names must hold; of the values of one, any. */
export interface AccessRule {
  readonly id: string;
  readonly effect: 'allow' | 'deny';
  /** Shown to people beside the decision. */
  readonly because?: string | undefined;
  readonly role?: readonly Role[] | undefined;
  readonly action?: readonly KioskAction[] | undefined;
  /** (0008,0060); 'none': an image without one. */
  readonly modality?: readonly string[] | undefined;
  /** Ready profiles by name, 'fixed' (that of the policy), 'custom' (any other). Told by content, not by the name that it bears. */
  readonly profile?: readonly string[] | undefined;
  readonly destination?: readonly KioskDestination[] | undefined;
  readonly time?: TimeWindow | undefined;
}

export const conditions = ['role', 'action', 'modality', 'profile', 'destination', 'time'] as const;
export type Condition = (typeof conditions)[number];

/** What an act has beside role, action and time. undefined: not known. */
export interface Attributes {
  readonly modality?: string | undefined;
  /** All names by which a rule may speak of the profile in force. */
  readonly profile?: readonly string[] | undefined;
  readonly destination?: KioskDestination | undefined;
}

/** A rule that names an attribute which an act does not have says nothing about that act. */
const has: Readonly<Record<KioskAction, readonly Condition[]>> = {
  'open-files': [],
  export: ['modality', 'profile', 'destination'],
  'edit-regions': [],
  'keep-text': [],
  exclude: [],
  'accept-finding': ['profile'],
  'change-profile': [],
  'change-key': [],
  reidentify: [],
  'see-record': [],
  verify: [],
};

const always: readonly Condition[] = ['role', 'action', 'time'];

/** Whether a rule speaks of acts of this kind at all. */
export function concerns(rule: AccessRule, action: KioskAction): boolean {
  if (rule.action !== undefined && !rule.action.includes(action)) return false;
  return conditions.every((c) => rule[c] === undefined || always.includes(c) || has[action].includes(c));
}

export interface Decision {
  readonly allowed: boolean;
  /**
   * role: the table of roles does not allow it; free: allowed by the table, and there are no rules; rule: `rule` decided;
   * no-rule: rules are there, and none allows it.
   */
  readonly reason: 'role' | 'free' | 'rule' | 'no-rule';
  readonly rule?: AccessRule;
  /** For 'no-rule': what kept each rule that could have allowed it from doing so. */
  readonly missed: readonly { readonly rule: string; readonly on: readonly Condition[] }[];
}

export interface Act extends Attributes {
  readonly role: Role | null;
  readonly action: KioskAction;
  /** Local time of the machine. */
  readonly at: Date;
}

/** @param rules undefined: the policy has none */
export function decide(rules: readonly AccessRule[] | undefined, act: Act): Decision {
  if (!may(act.role, act.action)) return { allowed: false, reason: 'role', missed: [] };
  if (rules === undefined) return { allowed: true, reason: 'free', missed: [] };
  const speaking = rules.filter((rule) => concerns(rule, act.action));
  // What is not known might be what is forbidden, and is not known to be what is allowed.
  const denies = speaking.find((r) => r.effect === 'deny' && unmet(r, act, true).length === 0);
  if (denies !== undefined) return { allowed: false, reason: 'rule', rule: denies, missed: [] };
  const missed: { rule: string; on: readonly Condition[] }[] = [];
  for (const rule of speaking) {
    if (rule.effect === 'deny') continue;
    const on = unmet(rule, act, false);
    if (on.length === 0) return { allowed: true, reason: 'rule', rule, missed: [] };
    missed.push({ rule: rule.id, on });
  }
  return { allowed: false, reason: 'no-rule', missed };
}

/** The conditions of a rule that do not hold. @param unknown what an attribute that is not known counts as */
function unmet(rule: AccessRule, act: Act, unknown: boolean): Condition[] {
  const isOf = <T>(wanted: readonly T[], value: T | undefined): boolean =>
    value === undefined ? unknown : wanted.includes(value);
  const holds: Readonly<Record<Condition, () => boolean>> = {
    role: () => act.role !== null && (rule.role ?? []).includes(act.role),
    action: () => (rule.action ?? []).includes(act.action),
    modality: () => isOf(rule.modality ?? [], act.modality === '' ? 'none' : act.modality),
    profile: () => act.profile?.some((name) => rule.profile?.includes(name)) ?? unknown,
    destination: () => isOf(rule.destination ?? [], act.destination),
    time: () => isWithin(rule.time ?? {}, act.at),
  };
  return conditions.filter((c) => rule[c] !== undefined && !holds[c]());
}

const minuteOf = (clock: string): number => Number(clock.slice(0, 2)) * 60 + Number(clock.slice(3));

export function isWithin({ days, from = '00:00', to = '24:00' }: TimeWindow, at: Date): boolean {
  const minute = at.getHours() * 60 + at.getMinutes();
  const [first, end] = [minuteOf(from), minuteOf(to)];
  const on = (back: number): boolean => days?.includes(weekdays[(at.getDay() + 7 - back) % 7] ?? 'sun') ?? true;
  if (first < end) return minute >= first && minute < end && on(0);
  return (minute >= first && on(0)) || (minute < end && on(1));
}
