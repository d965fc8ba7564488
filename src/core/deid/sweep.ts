/** The identity sweep over values: one text cleaner for a patient, a key and a date policy, that remembers what it has seen. */
import type { DeidContext } from './context';
import { dateShift, remapUid } from './identifiers';
import { matcherOf, type Matcher } from './matcher';
import type { ProfileRules } from './profile-rules';
import { cleanText, type CleanResult, type TextContext } from './text';

/** Headers of a series repeat almost every text; short ones are remembered. */
const maxRemembered = 4096;
const maxRememberedLength = 256;

export class Sweep {
  readonly shiftDays: number;
  private readonly free: TextContext;
  private readonly fixed: TextContext;
  private readonly kept: TextContext;
  private readonly seenFree = new Map<string, CleanResult>();
  private readonly seenFixed = new Map<string, CleanResult>();

  constructor(
    private readonly context: DeidContext,
    rules: ProfileRules,
  ) {
    this.shiftDays = rules.dates === 'shift' ? dateShift(context.key, context.identity.patientKey, rules.profile) : 0;
    const steps = rules.profile.cohort?.attributes;
    // What the header tells less exactly for the sake of the cohort, text must not tell either.
    const coarseDates = (steps?.studyDate ?? 'full') !== 'full';
    const dates = coarseDates ? 'remove' : rules.dates === 'shift' ? { shiftDays: this.shiftDays } : rules.dates;
    const ages = (steps?.age ?? 'full') === 'full' ? {} : ({ ages: 'remove' } as const);
    const remap = rules.has('retainUids') ? (uid: string) => uid : (uid: string) => remapUid(context.key, uid);
    this.free = { dates, remapUid: remap, ...ages };
    this.fixed = { dates, remapUid: remap, patterns: false };
    this.kept = { dates, remapUid: remap, patterns: false, keepPhrases: true };
  }

  /**
   * Cleans one value. 'free': text that people type; 'fixed': codes and versions, only the identity is looked for; 'kept': what
   * an option retains, where institutions and devices are meant to be named.
   */
  clean(text: string, kind: 'free' | 'fixed' | 'kept', maxLength?: number): CleanResult {
    if (kind === 'kept' || text.length > maxRememberedLength) {
      const base = kind === 'free' ? this.free : kind === 'fixed' ? this.fixed : this.kept;
      return cleanText(text, this.context.identity, maxLength === undefined ? base : { ...base, maxLength });
    }
    const seen = kind === 'free' ? this.seenFree : this.seenFixed;
    const known = seen.get(text);
    if (known !== undefined && (maxLength === undefined || known.text.length <= maxLength)) return known;
    const base = kind === 'free' ? this.free : this.fixed;
    const result = cleanText(text, this.context.identity, maxLength === undefined ? base : { ...base, maxLength });
    if (seen.size >= maxRemembered) seen.clear();
    seen.set(text, result);
    return result;
  }
}

interface Cached {
  readonly matcher: Matcher;
  readonly rules: ProfileRules;
  readonly patientKey: string;
  readonly key: string;
  readonly sweep: Sweep;
}

const cache: Cached[] = [];

/** The sweep of a patient under a profile and key; the last few are kept over the files of a batch. */
export function sweepOf(context: DeidContext, rules: ProfileRules): Sweep {
  const matcher = matcherOf(context.identity);
  const key = context.key.join(',');
  const { patientKey } = context.identity;
  const known = cache.find(
    (c) => c.matcher === matcher && c.rules === rules && c.patientKey === patientKey && c.key === key,
  );
  if (known !== undefined) return known.sweep;
  const sweep = new Sweep(context, rules);
  cache.unshift({ matcher, rules, patientKey, key, sweep });
  if (cache.length > 8) cache.length = 8;
  return sweep;
}
