/**
 * The policy of a kiosk (`kiosk.json` beside the page): what an operator can't weaken. Read strictly: a key that Lethe does not know
 * is a policy that it would not keep, so it is refused.
 */
import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';
import * as v from 'valibot';
import { jsonLines } from '../deid/json-lines';
import type { Profile } from '../deid/profile';
import { parseProfile } from '../deid/profile-json';
import { isReadyProfileName, readyProfileNames, readyProfiles } from '../deid/profiles';
import { fail, ok, type Result } from '../result';
import { kioskActions, roles } from './roles';
import { concerns, destinations, weekdays, type AccessRule, type KioskDestination } from './rules';

export type { KioskDestination } from './rules';

const pin = v.strictObject({
  /** Hexadecimal. */
  salt: v.pipe(v.string(), v.regex(/^[0-9a-f]{32}$/)),
  iterations: v.pipe(v.number(), v.integer(), v.minValue(300_000), v.maxValue(10_000_000)),
  hash: v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/)),
});
export type PinRecord = v.InferOutput<typeof pin>;

const some = <T extends v.GenericSchema>(of: T) => v.optional(v.pipe(v.array(of), v.minLength(1)));

const clock = v.pipe(v.string(), v.regex(/^([01]\d|2[0-3]):[0-5]\d$|^24:00$/));

const rule = v.strictObject({
  id: v.pipe(v.string(), v.regex(/^[a-z0-9][a-z0-9-]{0,39}$/)),
  effect: v.picklist(['allow', 'deny']),
  because: v.optional(v.pipe(v.string(), v.minLength(1), v.maxLength(200))),
  role: some(v.picklist(roles)),
  action: some(v.picklist(kioskActions)),
  modality: some(v.pipe(v.string(), v.regex(/^([A-Z0-9_]{1,16}|none)$/))),
  profile: some(v.picklist([...readyProfileNames, 'fixed', 'custom'])),
  destination: some(v.picklist(destinations)),
  time: v.optional(
    v.pipe(
      v.strictObject({ days: some(v.picklist(weekdays)), from: v.optional(clock), to: v.optional(clock) }),
      v.check(({ from = '00:00', to = '24:00' }) => from !== to && from !== '24:00', 'empty'),
    ),
  ),
});

const schema = v.strictObject({
  $schema: v.optional(v.string()),
  schema: v.literal('lethe-kiosk/1'),
  enabled: v.boolean(),
  /** A ready profile by its name, or a whole one. */
  profile: v.optional(v.unknown()),
  destinations: some(v.picklist(destinations)),
  /** Every image must have been accepted or taken out by a person before it leaves. */
  requireReview: v.optional(v.boolean()),
  /** Minutes without a touch after which everything is forgotten. */
  idleMinutes: v.optional(v.pipe(v.number(), v.minValue(1), v.maxValue(240))),
  language: v.optional(v.picklist(['en', 'zh-CN'])),
  /** Shown in place of the program's name. */
  title: v.optional(v.pipe(v.string(), v.minLength(1), v.maxLength(60))),
  /** An operator with a PIN has to say it before anything; else whoever is there is an operator. */
  pins: v.optional(
    v.strictObject({ operator: v.optional(pin), supervisor: v.optional(pin), auditor: v.optional(pin) }),
  ),
  rules: v.optional(v.pipe(v.array(rule), v.minLength(1), v.maxLength(200))),
});

export interface KioskPolicy {
  readonly profile: Profile | null;
  readonly destinations: readonly KioskDestination[];
  readonly requireReview: boolean;
  readonly idleMinutes: number | null;
  readonly language: 'en' | 'zh-CN' | null;
  readonly title: string | null;
  readonly pins: {
    readonly operator?: PinRecord | undefined;
    readonly supervisor?: PinRecord | undefined;
    readonly auditor?: PinRecord | undefined;
  };
  /** Absent: the table of roles alone decides. */
  readonly rules?: readonly AccessRule[];
  /** SHA-256 of the document, hexadecimal: tells in records which policy was in force. */
  readonly digest: string;
}

/** null: there is no kiosk. `bad-profile` when the policy can't be kept: then nothing may be done. */
export function readKioskPolicy(text: string): Result<KioskPolicy | null> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return bad('not valid JSON');
  }
  if (jsonLines(text).duplicate !== undefined) return bad('not valid (a key is there twice)');
  const parsed = v.safeParse(schema, value);
  if (!parsed.success) {
    const [issue] = parsed.issues;
    return bad(`not valid (${v.getDotPath(issue) ?? 'as a whole'})`);
  }
  const { output } = parsed;
  const wrong = faultOf(output.rules ?? []);
  if (wrong !== null) return bad(wrong);
  if (!output.enabled) return ok(null);
  const profile = profileOf(output.profile);
  if (!profile.ok) return profile;
  return ok({
    profile: profile.value,
    destinations: output.destinations ?? destinations,
    requireReview: output.requireReview ?? false,
    idleMinutes: output.idleMinutes ?? null,
    language: output.language ?? null,
    title: output.title ?? null,
    pins: output.pins ?? {},
    ...(output.rules !== undefined && { rules: output.rules }),
    digest: bytesToHex(sha256(utf8ToBytes(text))),
  });
}

const bad = (what: string): Result<never> => fail('bad-profile', `The kiosk policy is ${what}.`);

/** Rules that could never speak, or two of one name, are a mistake of whoever wrote them. */
function faultOf(rules: readonly AccessRule[]): string | null {
  const ids = new Set<string>();
  for (const one of rules) {
    if (ids.has(one.id)) return `not valid (two rules '${one.id}')`;
    ids.add(one.id);
    if (!(one.action ?? kioskActions).every((a) => one.action === undefined || concerns(one, a)))
      return `not valid (the rule '${one.id}' names an attribute that its actions do not have)`;
    if (!kioskActions.some((a) => concerns(one, a))) return `not valid (the rule '${one.id}' concerns no action)`;
  }
  return null;
}

function profileOf(value: unknown): Result<Profile | null> {
  if (value === undefined) return ok(null);
  if (typeof value !== 'string') return parseProfile(JSON.stringify(value));
  return isReadyProfileName(value)
    ? ok(readyProfiles[value])
    : fail('bad-profile', 'The kiosk policy names a profile that does not exist.');
}
