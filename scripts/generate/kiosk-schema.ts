/** The published JSON Schema of a machine's policy (`kiosk.json`). */
import { readyProfileNames } from '../../src/core/deid/profiles';
import { kioskActions, roles } from '../../src/core/kiosk/roles';
import { destinations, weekdays } from '../../src/core/kiosk/rules';
import type { Generator } from './generator';

const some = (items: object, description?: string): object => ({
  type: 'array',
  minItems: 1,
  items,
  ...(description !== undefined && { description }),
});
const clock = { type: 'string', pattern: '^(([01]\\d|2[0-3]):[0-5]\\d|24:00)$' };
const hex = (digits: number): object => ({ type: 'string', pattern: `^[0-9a-f]{${digits}}$` });

const pin = {
  type: 'object',
  description: 'Made by `lethe pin`: PBKDF2 with SHA-256.',
  additionalProperties: false,
  required: ['salt', 'iterations', 'hash'],
  properties: { salt: hex(32), iterations: { type: 'integer', minimum: 300_000, maximum: 10_000_000 }, hash: hex(64) },
};

const rule = {
  type: 'object',
  description: 'All conditions that it names must hold; of the values of one, any. Without conditions it always holds.',
  additionalProperties: false,
  required: ['id', 'effect'],
  properties: {
    id: { type: 'string', pattern: '^[a-z0-9][a-z0-9-]{0,39}$' },
    effect: { enum: ['allow', 'deny'] },
    because: { type: 'string', minLength: 1, maxLength: 200, description: 'Shown to people beside the decision.' },
    role: some({ enum: roles }),
    action: some({ enum: kioskActions }),
    modality: some(
      { type: 'string', pattern: '^([A-Z0-9_]{1,16}|none)$' },
      '(0008,0060); none: an image without one. Exports have it.',
    ),
    profile: some(
      { enum: [...readyProfileNames, 'fixed', 'custom'] },
      "Told by content: a ready one, 'fixed' (that of this policy), 'custom' (any other). Exports and findings have it.",
    ),
    destination: some({ enum: destinations }, 'Exports have it.'),
    time: {
      type: 'object',
      description: 'By the clock of the machine; from after to: over midnight.',
      additionalProperties: false,
      properties: { days: some({ enum: weekdays }), from: clock, to: clock },
    },
  },
};

const schema = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  $id: 'lethe-kiosk/1',
  title: 'Lethe kiosk policy',
  description: 'What people may do at a machine. Lethe refuses a policy with a key that is not in here.',
  type: 'object',
  additionalProperties: false,
  required: ['schema', 'enabled'],
  properties: {
    $schema: { type: 'string' },
    schema: { const: 'lethe-kiosk/1' },
    enabled: { type: 'boolean' },
    profile: {
      oneOf: [{ enum: readyProfileNames }, { $ref: 'profile.schema.json' }],
      description: 'In force, and fixed for whoever may not change it.',
    },
    destinations: some({ enum: destinations }),
    requireReview: { type: 'boolean' },
    idleMinutes: { type: 'number', minimum: 1, maximum: 240 },
    language: { enum: ['en', 'zh-CN'] },
    title: { type: 'string', minLength: 1, maxLength: 60 },
    pins: { type: 'object', additionalProperties: false, properties: Object.fromEntries(roles.map((r) => [r, pin])) },
    rules: {
      ...some(
        rule,
        'Where there are rules, what none allows is denied; one that denies is stronger than any that allows.',
      ),
      maxItems: 200,
    },
  },
};

export const generators: readonly Generator[] = [
  { output: 'public/schema/kiosk.schema.json', make: () => `${JSON.stringify(schema, null, 2)}\n` },
];
