/** Decisions of the person on single attributes: they become part of the profile and win over the table. */
import type { PlanRow } from '../../core/deid/plan';
import type { ActionCode, Profile } from '../../core/deid/profile';

export const tagKey = (tag: number): string => tag.toString(16).padStart(8, '0').toUpperCase();

/** What a person may choose for an attribute. */
export const overrideActions: readonly ActionCode[] = ['K', 'X', 'Z', 'D', 'C', 'U'];

/** Attributes that must be true of the output whatever anybody wants. */
const fixed = new Set(['file-meta', 'group-length', 'deid-method', 'pixels', 'vault']);

export const canOverride = (row: PlanRow): boolean => !fixed.has(row.rule.source);

export function overrideOf(profile: Profile, tag: number): ActionCode | null {
  const key = tagKey(tag);
  return profile.overrides.find((o) => o.tag.toUpperCase() === key)?.action ?? null;
}

/** The profile with this attribute decided, or no longer decided (null). */
export function withOverride(profile: Profile, tag: number, action: ActionCode | null): Profile {
  const key = tagKey(tag);
  const others = profile.overrides.filter((o) => o.tag.toUpperCase() !== key);
  return { ...profile, overrides: action === null ? others : [...others, { tag: key, action }] };
}

/** Whether a choice keeps, whole or in part, what the profile by itself would take out. @param own its row without the choice */
export const weakens = (own: PlanRow, action: ActionCode): boolean =>
  (action === 'K' && own.action !== 'K') || (action === 'C' && !['K', 'C'].includes(own.action));
