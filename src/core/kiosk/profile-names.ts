/** How rules speak of profiles: by what they do, since anybody can call a profile 'maximum'. */
import type { Profile } from '../deid/profile';
import { readyProfileNames, readyProfiles } from '../deid/profiles';

const same = (a: Profile, b: Profile): boolean => JSON.stringify(a) === JSON.stringify(b);

/** Whether a profile is the one that the policy fixes, where it fixes one. */
export const isFixed = (fixed: Profile | null, profile: Profile): boolean => fixed === null || same(fixed, profile);

/** @param fixed the policy's own profile, where it has one */
export function profileNames(fixed: Profile | null, profile: Profile): string[] {
  const ready = readyProfileNames.filter((name) => same(readyProfiles[name], profile));
  const own = fixed !== null && same(fixed, profile) ? ['fixed'] : [];
  return ready.length + own.length === 0 ? ['custom'] : [...ready, ...own];
}
