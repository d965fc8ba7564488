/** Rules, decisions and entries of the security record, in words. */
import type { SecurityEntry } from '../../core/kiosk/security-record';
import type { AccessRule, Condition, TimeWindow } from '../../core/kiosk/rules';
import type { Role } from '../../core/kiosk/roles';
import type { KioskKey } from '../../locales/kiosk';
import type { MessageValues, Words } from '../../locales';
import { sentenceGap } from '../../locales/format';

type P = (key: KioskKey, values?: MessageValues) => string;

export interface Speech {
  readonly p: P;
  readonly t: Words['t'];
  readonly tCode: Words['tCode'];
  readonly locale: string;
}

/** As a sentence has them: with the commas and the 'and' of the language. */
export const joinWords = (words: readonly string[], locale: string, type: 'conjunction' | 'disjunction'): string =>
  new Intl.ListFormat(locale === 'en' ? 'en-GB' : locale, { type }).format(words);

export const roleName = ({ t }: Pick<Speech, 't'>, role: Role | null): string => t(`kiosk.role.${role ?? 'nobody'}`);

function timeOf({ days, from, to }: TimeWindow, { p }: Speech): string {
  const clock = from === undefined && to === undefined ? [] : [`${from ?? '00:00'}–${to ?? '24:00'}`];
  return [...(days === undefined ? [] : [days.map((d) => p(`day.${d}`)).join(' ')]), ...clock].join(', ');
}

const profileWord = ({ p, tCode }: Speech, name: string): string =>
  name === 'fixed' || name === 'custom' ? p(`profile.${name}`) : tCode('profile.name', name, name);

export const modalityWord = ({ p }: Pick<Speech, 'p'>, code: string): string =>
  code === '' || code === 'none' ? p('modality.none') : code;

/** Each condition of a rule with what it wants. */
export function conditionsOf(rule: AccessRule, speech: Speech): readonly (readonly [Condition, string])[] {
  const { p, locale } = speech;
  const list = (words: readonly string[] | undefined): string | undefined =>
    words && joinWords(words, locale, 'disjunction');
  const wants: Record<Condition, string | undefined> = {
    role: list(rule.role?.map((r) => roleName(speech, r))),
    action: list(rule.action?.map((a) => p(`action.${a}`))),
    modality: list(rule.modality?.map((m) => modalityWord(speech, m))),
    profile: list(rule.profile?.map((n) => profileWord(speech, n))),
    destination: list(rule.destination?.map((d) => p(`destination.${d}`))),
    time: rule.time && timeOf(rule.time, speech),
  };
  return Object.entries(wants).flatMap(([name, text]) =>
    text === undefined ? [] : [[name as Condition, text] as const],
  );
}

interface Said {
  readonly reason: string;
  readonly rule?: string | undefined;
  readonly because?: string | undefined;
  readonly missed?: readonly { readonly rule: string; readonly on: readonly Condition[] }[] | undefined;
}

/** Why a decision is what it is. */
export function why({ reason, rule, because, missed = [] }: Said, { p, locale }: Speech): string {
  const key = `why.${reason}` as KioskKey;
  const first = reason === 'rule' ? p('why.rule', { rule: rule ?? '' }) : p(key);
  const near = missed.map((m) => {
    const on = joinWords(m.on.map((c) => p(`condition.${c}`)), locale, 'conjunction'); // prettier-ignore
    return p('missed', { rule: m.rule, on });
  });
  return [first, ...(because === undefined ? [] : [because]), ...near].join(sentenceGap(locale));
}

/** One entry of the security record in a line, and why. */
export function entryWords(entry: SecurityEntry, speech: Speech): { readonly what: string; readonly why: string } {
  const { p } = speech;
  switch (entry.event) {
    case 'decision': {
      const verdict = p(entry.allowed ? 'policy.allowed' : 'policy.denied');
      const about = entry.modality === undefined ? [] : [modalityWord(speech, entry.modality)];
      const action = [
        p(`action.${entry.action}`),
        ...about,
        ...(entry.count === undefined ? [] : [p('event.images', { count: entry.count })]),
      ].join(' · ');
      return { what: p('event.decision', { action, verdict }), why: why(entry, speech) };
    }
    case 'unlocked':
    case 'pin-wrong':
    case 'locked-out':
    case 'locked':
      return { what: p(`event.${entry.event}`, { as: roleName(speech, entry.as) }), why: '' };
    case 'exported':
      return { what: p('event.exported', { count: entry.count }), why: '' };
    default:
      return { what: p(`event.${entry.event}`), why: '' };
  }
}
