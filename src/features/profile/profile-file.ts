/** Profiles as files: plain JSON that may be shared. */
import type { Profile } from '../../core/deid/profile';
import { parseProfile } from '../../core/deid/profile-json';

/** @returns the profile, or null when the text is not one */
export function readProfile(text: string): Profile | null {
  const parsed = parseProfile(text);
  return parsed.ok ? parsed.value : null;
}

export const writeProfile = (profile: Profile): string => `${JSON.stringify(profile, null, 2)}\n`;
