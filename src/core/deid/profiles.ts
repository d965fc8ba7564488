/** The ready profiles, by name in the page and as `--profile NAME`. */
import { basicProfile, type Profile } from './profile';

export type ReadyProfileName = 'basic' | 'research' | 'teaching' | 'maximum';

export const readyProfiles: Readonly<Record<ReadyProfileName, Profile>> = {
  /** Table E.1-1 without options but Clean Pixel Data. */
  basic: basicProfile,
  /** For studies over time: shifted dates, age and sex, descriptions and reports cleaned, private attributes known to be safe. */
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
  /** For slides and courses: descriptions stay, cleaned; dates go; all pixels are looked at. */
  teaching: {
    ...basicProfile,
    name: 'teaching',
    options: ['cleanPixelData', 'cleanDescriptors', 'cleanGraphics', 'cleanStructuredContent'],
    pixels: { ...basicProfile.pixels, policy: 'all' },
  },
  /** An allow-list: only what display, geometry and conformance need stays, and of free text nothing. */
  maximum: {
    ...basicProfile,
    name: 'maximum',
    allowListOnly: true,
    pixels: { ...basicProfile.pixels, policy: 'all' },
  },
};

export const readyProfileNames = Object.keys(readyProfiles) as readonly ReadyProfileName[];

export const isReadyProfileName = (name: string): name is ReadyProfileName => Object.hasOwn(readyProfiles, name);
