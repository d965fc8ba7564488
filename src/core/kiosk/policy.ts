/**
 * The policy of a kiosk (`kiosk.json` beside the page): what an operator can't weaken. Read strictly: a key that Lethe does not know
 * is a policy that it would not keep, so it is refused.
 */
import * as v from 'valibot';
import type { Profile } from '../deid/profile';
import { parseProfile } from '../deid/profile-json';
import { isReadyProfileName, readyProfiles } from '../deid/profiles';
import { fail, ok, type Result } from '../result';
import { may, type Role } from './roles';

export type KioskDestination = 'folder' | 'zip';

const pin = v.strictObject({
  /** Hexadecimal. */
  salt: v.pipe(v.string(), v.regex(/^[0-9a-f]{32}$/)),
  iterations: v.pipe(v.number(), v.integer(), v.minValue(300_000), v.maxValue(10_000_000)),
  hash: v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/)),
});
export type PinRecord = v.InferOutput<typeof pin>;

const schema = v.strictObject({
  schema: v.literal('lethe-kiosk/1'),
  enabled: v.boolean(),
  /** A ready profile by its name, or a whole one. */
  profile: v.optional(v.unknown()),
  destinations: v.optional(v.pipe(v.array(v.picklist(['folder', 'zip'])), v.minLength(1))),
  /** Every image must have been accepted or taken out by a person before it leaves. */
  requireReview: v.optional(v.boolean()),
  /** Minutes without a touch after which everything is forgotten. */
  idleMinutes: v.optional(v.pipe(v.number(), v.minValue(1), v.maxValue(240))),
  language: v.optional(v.picklist(['en', 'zh-CN'])),
  /** Shown in place of the program's name. */
  title: v.optional(v.pipe(v.string(), v.minLength(1), v.maxLength(60))),
  pins: v.optional(v.strictObject({ supervisor: v.optional(pin), auditor: v.optional(pin) })),
});

export interface KioskPolicy {
  readonly profile: Profile | null;
  readonly destinations: readonly KioskDestination[];
  readonly requireReview: boolean;
  readonly idleMinutes: number | null;
  readonly language: 'en' | 'zh-CN' | null;
  readonly title: string | null;
  readonly pins: { readonly supervisor?: PinRecord | undefined; readonly auditor?: PinRecord | undefined };
}

/** null: there is no kiosk. `bad-profile` when the policy can't be kept: then nothing may be done. */
export function readKioskPolicy(text: string): Result<KioskPolicy | null> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return fail('bad-profile', 'The kiosk policy is not valid JSON.');
  }
  const parsed = v.safeParse(schema, value);
  if (!parsed.success) {
    const [issue] = parsed.issues;
    return fail('bad-profile', `The kiosk policy is not valid (${v.getDotPath(issue) ?? 'as a whole'}).`);
  }
  const { output } = parsed;
  if (!output.enabled) return ok(null);
  const profile = profileOf(output.profile);
  if (!profile.ok) return profile;
  return ok({
    profile: profile.value,
    destinations: output.destinations ?? ['folder', 'zip'],
    requireReview: output.requireReview ?? false,
    idleMinutes: output.idleMinutes ?? null,
    language: output.language ?? null,
    title: output.title ?? null,
    pins: output.pins ?? {},
  });
}

function profileOf(value: unknown): Result<Profile | null> {
  if (value === undefined) return ok(null);
  if (typeof value !== 'string') return parseProfile(JSON.stringify(value));
  return isReadyProfileName(value)
    ? ok(readyProfiles[value])
    : fail('bad-profile', 'The kiosk policy names a profile that does not exist.');
}

/** What a batch is asked for, as far as a policy speaks of it. */
export interface KioskRequest {
  readonly profile: Profile;
  readonly destination: KioskDestination;
  readonly items: readonly {
    readonly reviewed?: boolean;
    readonly accepted?: readonly unknown[];
    readonly excluded?: boolean;
  }[];
}

/** Whether a policy lets a batch begin. Asked by the batch itself: what the screen offers or hides is no matter. */
export function permits(policy: KioskPolicy, role: Role, request: KioskRequest): Result<null> {
  const refuse = (message: string): Result<null> => fail('not-allowed', message);
  if (!may(role, 'export')) return refuse('This role may not export.');
  if (
    policy.profile !== null &&
    !may(role, 'change-profile') &&
    JSON.stringify(request.profile) !== JSON.stringify(policy.profile)
  ) {
    return refuse('The profile of this machine is fixed, and another one was in force.');
  }
  if (!policy.destinations.includes(request.destination)) {
    return refuse('This machine may not export to such a destination.');
  }
  if (!may(role, 'accept-finding') && request.items.some((i) => (i.accepted ?? []).length > 0)) {
    return refuse('Only a supervisor may let findings through.');
  }
  if (policy.requireReview && request.items.some((i) => i.excluded !== true && i.reviewed !== true)) {
    return refuse('Every image must be looked at before it may leave.');
  }
  return ok(null);
}
