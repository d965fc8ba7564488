/** The published JSON Schema of a profile document. */
import { profileOptions } from '../../src/core/deid/options';
import type { Generator } from './generator';

const closed = (properties: Record<string, unknown>, optional: readonly string[] = []): unknown => ({
  type: 'object',
  additionalProperties: false,
  required: Object.keys(properties).filter((key) => !optional.includes(key)),
  properties,
});

const days = { type: 'integer', minimum: -36500, maximum: 36500 };

const schema = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  $id: 'lethe-profile/1',
  title: 'Lethe confidentiality profile',
  description:
    'What is done to every attribute and to pixels (DICOM PS3.15 Annex E). Free of identity: the key is no part of it.',
  ...(closed(
    {
      $schema: { type: 'string' },
      schema: { const: 'lethe-profile/1' },
      name: { type: 'string', minLength: 1, maxLength: 64 },
      options: {
        type: 'array',
        uniqueItems: true,
        items: {
          oneOf: profileOptions.map((o) => ({ const: o.name, title: o.meaning, description: `CID 7050: ${o.code}` })),
        },
        not: {
          allOf: [
            { contains: { const: 'retainLongitudinalFull' } },
            { contains: { const: 'retainLongitudinalModified' } },
          ],
        },
      },
      allowListOnly: { type: 'boolean', description: 'Only what display, geometry and conformance need stays.' },
      dates: closed({
        shiftDays: {
          description: 'The shift of a patient lies in this range and is never 0.',
          ...(closed({ min: days, max: days }) as object),
        },
        wholeWeeks: { type: 'boolean' },
      }),
      patient: closed({
        pseudonym: {
          type: 'string',
          minLength: 1,
          maxLength: 51,
          description: '{n} is a running number, {h} a keyed hash, anything else stays.',
          pattern: '^[\\x20-\\x5b\\x5d-\\x7e]*$',
        },
      }),
      pixels: closed({
        policy: { enum: ['auto', 'all', 'off'] },
        style: { enum: ['blur', 'solid', 'mosaic'] },
        text: { enum: ['everything', 'identifying-and-unknown', 'identifying'] },
        keep: { type: 'array', items: { type: 'string', maxLength: 200 } },
      }),
      overrides: {
        type: 'array',
        items: closed(
          {
            tag: { type: 'string', pattern: '^[0-9a-fA-FxX]{8}$' },
            action: { enum: ['X', 'Z', 'D', 'K', 'C', 'U'] },
            value: { type: 'string', maxLength: 1024 },
          },
          ['value'],
        ),
      },
      cohort: {
        type: 'object',
        description: 'What the set as a whole has to hold to; made by the cohort panel.',
      },
      vault: closed({
        recipients: {
          type: 'array',
          minItems: 1,
          maxItems: 20,
          description: 'Certificates (PEM) of those who may open the encrypted originals.',
          items: { type: 'string', pattern: '-----BEGIN CERTIFICATE-----' },
        },
        content: { enum: ['everything', 'identity'] },
      }),
    },
    ['$schema', 'cohort', 'vault'],
  ) as object),
};

export const generators: readonly Generator[] = [
  { output: 'public/schema/profile.schema.json', make: () => `${JSON.stringify(schema, null, 2)}\n` },
];
