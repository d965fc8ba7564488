/** Profiles to start from. Names are keys of the catalogues; the JSON name is what is written in records. */
import { basicProfile, type OptionName, type Profile } from '../../core/deid/profile';

export type ReadyName = 'basic' | 'research' | 'teaching' | 'maximum';

export const readyProfiles: Readonly<Record<ReadyName, Profile>> = {
  basic: basicProfile,
  /** For studies over time: intervals, age and sex, and the make of the device stay. */
  research: {
    ...basicProfile,
    name: 'research',
    options: [
      'cleanPixelData',
      'cleanDescriptors',
      'cleanStructuredContent',
      'cleanGraphics',
      'retainLongitudinalModified',
      'retainPatientCharacteristics',
      'retainSafePrivate',
    ],
  },
  /** For slides and courses: descriptions stay, cleaned; dates go. */
  teaching: {
    ...basicProfile,
    name: 'teaching',
    options: ['cleanPixelData', 'cleanDescriptors', 'cleanGraphics', 'cleanStructuredContent'],
    pixels: { ...basicProfile.pixels, policy: 'all' },
  },
  /** Only what display, geometry and conformance need. */
  maximum: {
    ...basicProfile,
    name: 'maximum',
    allowListOnly: true,
    pixels: { ...basicProfile.pixels, policy: 'all' },
  },
};

export const readyNames = Object.keys(readyProfiles) as readonly ReadyName[];

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

export const isReadyName = (name: string): name is ReadyName => readyNames.some((n) => n === name);

const canonical = (p: Profile): string => JSON.stringify({ ...p, name: '', options: [...p.options].sort() });

export const sameRules = (a: Profile, b: Profile): boolean => canonical(a) === canonical(b);
