/** What becomes of a found text: its class, why, and whether it goes. */
import type { IdentityFacts } from '../deid/context';
import type { TextPolicy } from '../deid/profile';
import { readsLikeIdentity, type IdentityMatch } from './identity-match';
import { foldText } from './fold';
import { identifyingPattern } from './patterns';
import { isMarker, isMeasurement, isTechnical } from './technical';
import type { TextClass } from './types';

/** What `judge` needs besides the text. */
export interface Judging {
  readonly policy: TextPolicy;
  /** Recognised strings that stay, compared case-folded and trimmed. */
  readonly keep: readonly string[];
  readonly identity?: IdentityFacts;
  /** Another judge of identity, asked as well as the one built in. */
  readonly matches?: (text: string, identity: IdentityFacts) => IdentityMatch;
}

export interface ReadText {
  /** How sure the detector is, 0..1. */
  readonly score: number;
  readonly text?: string;
  readonly textScore?: number;
}

export interface Judgement {
  readonly textClass: TextClass;
  /**
   * 'identity-name' | 'identity-id' | 'identity-date' | 'identity-text' | 'identity-path' | 'identity' | 'date' | 'time' |
   * 'name-cue' | 'person-name' | 'institution' | 'identifier' | 'contact' | 'age-or-sex' | 'technical' | 'marker' |
   * 'on-keep-list' | 'not-read' | 'unreadable' | 'unknown'
   */
  readonly reason: string;
  readonly action: 'redact' | 'keep';
}

/** Below this a reading is a guess: it may raise suspicion, it may not clear a text. */
export const trusted = 0.85;

/** A value with its name or unit is hardly read where there is none: its form is a witness of its own. */
const trustedMeasurement = 0.75;

/** Class, reason and action of one text. Fails closed: what was not read for certain goes, whatever the policy. */
export function judge(region: ReadText, judging: Judging): Judgement {
  const { text, textScore = 0 } = region;
  const goes = (textClass: TextClass, reason: string): Judgement => ({ textClass, reason, action: 'redact' });
  if (text === undefined || text === '') return goes('unknown', 'not-read');
  const identity = matchIdentity(text, judging);
  if (identity) return goes('identifying', identity);
  const certain = textScore >= trusted;
  const kept = judging.keep.some((entry) => foldText(entry) === foldText(text));
  if (kept && certain) {
    return { textClass: isMarker(text) ? 'marker' : 'technical', reason: 'on-keep-list', action: 'keep' };
  }
  const pattern = identifyingPattern(text);
  if (pattern) return goes('identifying', pattern);
  const measurement = textScore >= trustedMeasurement && isMeasurement(text);
  if (!certain && !measurement) return goes('unknown', 'unreadable');
  const action = judging.policy === 'everything' ? 'redact' : 'keep';
  if (isMarker(text)) return { textClass: 'marker', reason: 'marker', action };
  if (isTechnical(text)) return { textClass: 'technical', reason: 'technical', action };
  return { textClass: 'unknown', reason: 'unknown', action: judging.policy === 'identifying' ? 'keep' : 'redact' };
}

function matchIdentity(text: string, { identity, matches }: Judging): string | null {
  if (!identity) return null;
  const own = readsLikeIdentity(text, identity);
  if (own.match) return `identity-${own.reason}`;
  return matches?.(text, identity).match ? 'identity' : null;
}

/** The same with separate arguments. */
export function classify(
  region: ReadText,
  identity: IdentityFacts | undefined,
  policy: TextPolicy,
  keep: readonly string[],
  matches?: Judging['matches'],
): Judgement {
  return judge(region, {
    policy,
    keep,
    ...(identity ? { identity } : {}),
    ...(matches ? { matches } : {}),
  });
}
