/**
 * A Confidentiality Profile (PS3.15 Annex E) as the user states it: plain JSON, shareable, free of identity.
 * The key that makes UIDs and shifts is not part of it.
 */

import type { QuasiName, SensitiveName, StepName } from './quasi-identifiers';

/** The options of PS3.15 E.3, by the name they have in our JSON. Codes (CID 7050) and columns: `options/index.ts`. */
export type OptionName =
  | 'cleanPixelData'
  | 'cleanRecognizableVisualFeatures'
  | 'cleanGraphics'
  | 'cleanStructuredContent'
  | 'cleanDescriptors'
  | 'retainLongitudinalFull'
  | 'retainLongitudinalModified'
  | 'retainPatientCharacteristics'
  | 'retainDeviceIdentity'
  | 'retainInstitutionIdentity'
  | 'retainUids'
  | 'retainSafePrivate';

/**
 * What a set as a whole has to hold to, so that what stays of its patients points at no one: the step of its ladder at which each
 * quasi-identifier is written, and how many patients must share what is written. Records in smaller groups are left out.
 */
export interface CohortPolicy {
  /** The quasi-identifiers that count; each is written at this step of its ladder (quasi-identifiers.ts). */
  readonly attributes: Readonly<Partial<Record<QuasiName, StepName>>>;
  /** Fewest patients that share one combination of values. */
  readonly k: number;
  /** What each such group must hold of an attribute that may be too telling. */
  readonly sensitive: readonly SensitiveRule[];
}

export interface SensitiveRule {
  readonly attribute: SensitiveName;
  /** At least `l` distinct values; values as even as `l` equally frequent ones; or the most frequent not c times all but the l-1 first. */
  readonly diversity?:
    | { readonly kind: 'distinct' | 'entropy'; readonly l: number }
    | { readonly kind: 'recursive'; readonly l: number; readonly c: number };
  /** Furthest that the values of a group may lie from those of the whole set, 0 to 1. */
  readonly t?: number;
}

/** Which originals a vault holds: all attributes that the profile changes, or those by which patient and study are found again. */
export type VaultContent = 'everything' | 'identity';

/**
 * Originals that leave with each Instance, encrypted: PS3.15 E.1.1, Encrypted Attributes Sequence (0400,0500). Who holds the
 * private key of one of the certificates can make the file what it was; nobody else can.
 */
export interface VaultPolicy {
  /** Certificates of those who may open it, PEM. At least one. */
  readonly recipients: readonly string[];
  readonly content: VaultContent;
}

/** Action codes of PS3.15 Table E.1-1a. */
export type ActionCode = 'X' | 'Z' | 'D' | 'K' | 'C' | 'U';

export type PixelPolicy = 'auto' | 'all' | 'off';
export type RedactionStyle = 'blur' | 'solid' | 'mosaic';
/** Which recognised text goes (detection.md): everything but kept markers; or by class. */
export type TextPolicy = 'everything' | 'identifying-and-unknown' | 'identifying';

export interface Profile {
  readonly schema: 'lethe-profile/1';
  readonly name: string;
  readonly options: readonly OptionName[];
  /** Allow-list mode ("maximum"): only what display, geometry and conformance need stays. */
  readonly allowListOnly: boolean;
  readonly dates: {
    /** Days; the per-patient shift lies in [min, max] without 0. */
    readonly shiftDays: { readonly min: number; readonly max: number };
    readonly wholeWeeks: boolean;
  };
  readonly patient: {
    /** Pattern of the pseudonym: '{n}' running number, '{h}' keyed hash, anything else literal, e.g. 'ANON-{h}'. */
    readonly pseudonym: string;
  };
  readonly pixels: {
    readonly policy: PixelPolicy;
    readonly style: RedactionStyle;
    readonly text: TextPolicy;
    /** Recognised strings that stay (markers, laterality): compared case-folded and trimmed. */
    readonly keep: readonly string[];
  };
  /** Per-attribute decisions that win over the table. `tag` is eight hex digits; repeating groups with 'x'. */
  readonly overrides: readonly { readonly tag: string; readonly action: ActionCode; readonly value?: string }[];
  /** Absent: Instances are judged one by one. */
  readonly cohort?: CohortPolicy;
  /** Absent: nothing of the originals leaves. */
  readonly vault?: VaultPolicy;
}

export const basicProfile: Profile = {
  schema: 'lethe-profile/1',
  name: 'basic',
  options: ['cleanPixelData'],
  allowListOnly: false,
  dates: { shiftDays: { min: -1825, max: -30 }, wholeWeeks: false },
  patient: { pseudonym: 'ANON-{h}' },
  pixels: { policy: 'auto', style: 'blur', text: 'everything', keep: [] },
  overrides: [],
};

/** The profile without its cohort policy: what would stay of each Instance by itself. */
export function withoutCohort(profile: Profile): Profile {
  const { cohort, ...rest } = profile;
  return cohort === undefined ? profile : rest;
}
