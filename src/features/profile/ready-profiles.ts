/** What the profile editor asks, and whether a profile is still one of the ready ones. */
import type { OptionName, Profile } from '../../core/deid/profile';
import {
  isReadyProfileName as isReadyName,
  readyProfileNames as readyNames,
  readyProfiles,
  type ReadyProfileName as ReadyName,
} from '../../core/deid/profiles';

export { isReadyName, readyNames, readyProfiles, type ReadyName };

/** What is asked of people, in order; grouped as they think of it. */
export const cleaningOptions: readonly OptionName[] = [
  'cleanPixelData',
  'cleanDescriptors',
  'cleanStructuredContent',
  'cleanGraphics',
  'cleanRecognizableVisualFeatures',
];
export const retainingOptions: readonly OptionName[] = [
  'retainLongitudinalModified',
  'retainLongitudinalFull',
  'retainPatientCharacteristics',
  'retainDeviceIdentity',
  'retainInstitutionIdentity',
  'retainUids',
  'retainSafePrivate',
];

const contradicts: Readonly<Partial<Record<OptionName, OptionName>>> = {
  retainLongitudinalModified: 'retainLongitudinalFull',
  retainLongitudinalFull: 'retainLongitudinalModified',
};

/** Options whose use makes people easier to find again: shown with a warning. */
export const riskyOptions: ReadonlySet<OptionName> = new Set([
  'retainLongitudinalFull',
  'retainDeviceIdentity',
  'retainInstitutionIdentity',
  'retainUids',
]);

/** Turns an option on or off; one that contradicts it goes. The profile is then the person's own. */
export function withOption(profile: Profile, option: OptionName, on: boolean): Profile {
  const rest = profile.options.filter((o) => o !== option && !(on && o === contradicts[option]));
  return own({ ...profile, options: on ? [...rest, option] : rest });
}

/** A profile that differs from the ready ones carries no ready name. */
export function own(profile: Profile): Profile {
  const ready = readyNames.find((n) => sameRules(readyProfiles[n], profile));
  return { ...profile, name: ready ?? (isReadyName(profile.name) ? 'custom' : profile.name) };
}

const canonical = (p: Profile): string => JSON.stringify({ ...p, name: '', options: [...p.options].sort() });

export const sameRules = (a: Profile, b: Profile): boolean => canonical(a) === canonical(b);
