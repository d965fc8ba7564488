/** Profiles as JSON documents. Every key is checked: a misspelt option would silently protect less. */
import * as v from 'valibot';
import { looksLikeCertificate } from '../cms/pem';
import { fail, ok, type Failure, type Result } from '../result';
import { jsonLines, lineOf, type JsonLines } from './json-lines';
import { profileOption, profileOptions } from './options';
import type { CohortPolicy, OptionName, Profile } from './profile';
import { quasiIdentifiers, sensitiveNames, type SensitiveName } from './quasi-identifiers';

const day = v.pipe(
  v.number('has to be a number of days'),
  v.integer('has to be whole days'),
  v.minValue(-36500),
  v.maxValue(36500),
);
const text = (longest: number) =>
  v.pipe(v.string('has to be text'), v.maxLength(longest, `has to be at most ${longest} characters long`));
const names = profileOptions.map((o) => o.name) as [OptionName, ...OptionName[]];
const shape = 'has to be an object with exactly the keys of the schema';

const steps = v.strictObject(
  Object.fromEntries(
    quasiIdentifiers.map(({ name, ladder }) => [
      name,
      v.optional(v.picklist(ladder, `has to be one of ${ladder.join(', ')}`)),
    ]),
  ),
  `has to name quasi-identifiers: ${quasiIdentifiers.map((q) => q.name).join(', ')}`,
);

const atLeastOne = (what: string) => v.pipe(v.number('has to be a number'), v.minValue(1, what), v.maxValue(100_000));

const cohort = v.strictObject(
  {
    attributes: steps,
    k: v.pipe(atLeastOne('has to be at least 1'), v.integer('has to be a whole number')),
    sensitive: v.array(
      v.strictObject(
        {
          attribute: v.picklist(
            sensitiveNames as [SensitiveName, ...SensitiveName[]],
            `has to be one of ${sensitiveNames.join(', ')}`,
          ),
          diversity: v.optional(
            v.variant('kind', [
              v.strictObject(
                { kind: v.picklist(['distinct', 'entropy']), l: atLeastOne('has to be at least 1') },
                shape,
              ),
              v.strictObject(
                {
                  kind: v.literal('recursive'),
                  l: atLeastOne('has to be at least 1'),
                  c: v.pipe(v.number(), v.gtValue(0)),
                },
                shape,
              ),
            ]),
          ),
          t: v.optional(v.pipe(v.number('has to be a number'), v.minValue(0), v.maxValue(1))),
        },
        shape,
      ),
      'has to be a list of rules',
    ),
  },
  shape,
);

const vault = v.strictObject(
  {
    recipients: v.pipe(
      v.array(
        v.pipe(
          text(20_000),
          v.check(looksLikeCertificate, 'has to be one certificate as PEM (-----BEGIN CERTIFICATE-----)'),
        ),
        'has to be a list of certificates (PEM)',
      ),
      v.minLength(1, 'has to name at least one certificate: nobody could open the vault'),
      v.maxLength(20, 'has to name at most 20 certificates'),
    ),
    content: v.picklist(['everything', 'identity'], 'has to be everything or identity'),
  },
  shape,
);

/** Without the keys that are undefined, in the order of the ladders. */
function policyOf({ attributes, k, sensitive }: v.InferOutput<typeof cohort>): CohortPolicy {
  return {
    attributes: Object.fromEntries(Object.entries(attributes).filter(([, step]) => step !== undefined)),
    k,
    sensitive: sensitive.map(({ attribute, diversity, t }) => ({
      attribute,
      ...(diversity !== undefined && { diversity }),
      ...(t !== undefined && { t }),
    })),
  };
}

const schema = v.strictObject(
  {
    $schema: v.optional(v.string()),
    schema: v.literal('lethe-profile/1', 'has to be "lethe-profile/1"'),
    name: v.pipe(text(64), v.minLength(1, 'must not be empty')),
    options: v.pipe(
      v.array(v.picklist(names, `has to be one of ${names.join(', ')}`), 'has to be a list of options'),
      v.check((list) => new Set(list).size === list.length, 'names an option twice'),
      v.check(
        (list) => !list.some((name) => profileOption(name)?.excludes?.some((other) => list.includes(other)) === true),
        'retains dates in full and modified at once: only one of retainLongitudinalFull and retainLongitudinalModified can be chosen',
      ),
    ),
    allowListOnly: v.boolean('has to be true or false'),
    dates: v.strictObject(
      {
        shiftDays: v.pipe(
          v.strictObject({ min: day, max: day }, shape),
          v.check(({ min, max }) => min <= max, 'has a min that is greater than its max'),
          v.check(({ min, max }) => min !== 0 || max !== 0, 'allows no shift but 0'),
        ),
        wholeWeeks: v.boolean('has to be true or false'),
      },
      shape,
    ),
    patient: v.strictObject(
      {
        pseudonym: v.pipe(
          text(51),
          v.minLength(1, 'must not be empty'),
          v.regex(/^[\x20-\x5b\x5d-\x7e]*$/, 'has to be plain ASCII without a backslash'),
          v.check((p) => !/\{(?![hn]\})/.test(p), 'knows the placeholders {h} and {n} only'),
        ),
      },
      shape,
    ),
    pixels: v.strictObject(
      {
        policy: v.picklist(['auto', 'all', 'off'], 'has to be auto, all or off'),
        style: v.picklist(['blur', 'solid', 'mosaic'], 'has to be blur, solid or mosaic'),
        text: v.picklist(
          ['everything', 'identifying-and-unknown', 'identifying'],
          'has to be everything, identifying-and-unknown or identifying',
        ),
        keep: v.array(text(200), 'has to be a list of texts'),
      },
      shape,
    ),
    overrides: v.array(
      v.strictObject(
        {
          tag: v.pipe(
            v.string('has to be text'),
            v.regex(/^[0-9a-fA-FxX]{8}$/, 'has to be eight hexadecimal digits, x for any'),
          ),
          action: v.picklist(['X', 'Z', 'D', 'K', 'C', 'U'], 'has to be one of X, Z, D, K, C, U'),
          value: v.optional(text(1024)),
        },
        shape,
      ),
      'has to be a list of overrides',
    ),
    cohort: v.optional(cohort),
    vault: v.optional(vault),
  },
  shape,
);

/** Weeks need a whole one in the range, and a week is never 0. */
function hasShift({ dates }: { readonly dates: Profile['dates'] }): boolean {
  if (!dates.wholeWeeks) return true;
  const low = Math.ceil(dates.shiftDays.min / 7);
  const high = Math.floor(dates.shiftDays.max / 7);
  return high > low || (high === low && low !== 0);
}

function failure(source: string | undefined, lines: JsonLines | undefined, path: string, message: string): Failure {
  const offset = lines?.offsets.get(path);
  const named = path === '' ? 'The profile' : `"${path}" in the profile`;
  if (source === undefined || offset === undefined) return fail('bad-profile', `${named} ${message}.`, path);
  const { line, column } = lineOf(source, offset);
  return fail('bad-profile', `${named} (line ${line}) ${message}.`, `line ${line}, column ${column}`);
}

/** A profile from a value that JSON.parse made. `source` is its text, for the line in the message. */
export function checkProfile(value: unknown, source?: string): Result<Profile> {
  const parsed = v.safeParse(schema, value);
  const lines = source === undefined ? undefined : jsonLines(source);
  if (!parsed.success) {
    const [issue] = parsed.issues;
    return failure(source, lines, v.getDotPath(issue) ?? '', issue.message);
  }
  const {
    schema: version,
    name,
    options,
    allowListOnly,
    dates,
    patient,
    pixels,
    overrides,
    cohort: policy,
    vault: originals,
  } = parsed.output;
  const rest = { schema: version, name, options, allowListOnly, dates, patient, pixels };
  if (!hasShift(rest)) {
    return failure(source, lines, 'dates.shiftDays', 'holds no whole week that the dates could be shifted by');
  }
  return ok({
    ...rest,
    overrides: overrides.map(({ tag, action, value: text }) =>
      text === undefined ? { tag, action } : { tag, action, value: text },
    ),
    ...(policy !== undefined && { cohort: policyOf(policy) }),
    ...(originals !== undefined && { vault: originals }),
  });
}

/** Reads a profile document. The failure's message names the key and its line; its `where` is line and column. */
export function parseProfile(source: string): Result<Profile> {
  const text = source.replace(/^\uFEFF/, '');
  const lines = jsonLines(text);
  const bad = lines.error ?? lines.duplicate;
  if (bad !== undefined) {
    const { line, column } = lineOf(text, bad);
    const what = lines.error === undefined ? 'has a key twice' : 'is not valid JSON';
    return fail('bad-profile', `The profile ${what} (line ${line}).`, `line ${line}, column ${column}`);
  }
  return checkProfile(JSON.parse(text), text);
}

/** A profile as the document that `parseProfile` reads. */
export function formatProfile(profile: Profile): string {
  return `${JSON.stringify(profile, null, 2)}\n`;
}
