/** Profiles as JSON: read with every key checked, since a misspelt option would silently protect less. */
import * as v from 'valibot';
import type { Profile } from '../deid/profile';
import type { Result } from '../result';
import { fail, ok } from '../result';

const day = v.pipe(v.number(), v.integer(), v.minValue(-36500), v.maxValue(36500));

const profileSchema = v.strictObject({
  schema: v.literal('lethe-profile/1'),
  name: v.pipe(v.string(), v.minLength(1), v.maxLength(64)),
  options: v.array(
    v.picklist([
      'cleanPixelData',
      'cleanRecognizableVisualFeatures',
      'cleanGraphics',
      'cleanStructuredContent',
      'cleanDescriptors',
      'retainLongitudinalFull',
      'retainLongitudinalModified',
      'retainPatientCharacteristics',
      'retainDeviceIdentity',
      'retainInstitutionIdentity',
      'retainUids',
      'retainSafePrivate',
    ]),
  ),
  allowListOnly: v.boolean(),
  dates: v.strictObject({
    shiftDays: v.pipe(
      v.strictObject({ min: day, max: day }),
      v.check(({ min, max }) => min <= max && !(min === 0 && max === 0), 'min must not exceed max, nor both be 0'),
    ),
    wholeWeeks: v.boolean(),
  }),
  patient: v.strictObject({ pseudonym: v.pipe(v.string(), v.minLength(1), v.maxLength(64)) }),
  pixels: v.strictObject({
    policy: v.picklist(['auto', 'all', 'off']),
    style: v.picklist(['blur', 'solid', 'mosaic']),
    text: v.picklist(['everything', 'identifying-and-unknown', 'identifying']),
    keep: v.array(v.string()),
  }),
  overrides: v.array(
    v.pipe(
      v.strictObject({
        tag: v.pipe(v.string(), v.regex(/^[0-9a-fA-FxX]{8}$/, 'a tag is eight hexadecimal digits')),
        action: v.picklist(['X', 'Z', 'D', 'K', 'C', 'U']),
        value: v.optional(v.string()),
      }),
      v.transform(({ tag, action, value }) => ({ tag, action, ...(value !== undefined && { value }) })),
    ),
  ),
});

/** Reads a profile. `bad-profile` says where it is wrong. */
export function parseProfile(json: string): Result<Profile> {
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch {
    return fail('bad-profile', 'The profile is not valid JSON.');
  }
  return checkProfile(value);
}

export function checkProfile(value: unknown): Result<Profile> {
  const parsed = v.safeParse(profileSchema, value);
  if (parsed.success) return ok(parsed.output);
  const [issue] = parsed.issues;
  const where = v.getDotPath(issue) ?? '';
  return fail(
    'bad-profile',
    `The profile is not valid${where === '' ? '' : ` at '${where}'`}: ${issue.message}.`,
    where,
  );
}
