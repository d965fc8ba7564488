/**
 * Templates for output paths, such as '{patient}/{modality}-{series}/{instance}'. A template is made of letters and of fields
 * that hold pseudonyms, numbers or coded words only: there is no field through which a name could come.
 */
import type { Result } from '../result';
import { fail, ok } from '../result';
import { isSafePath, safeName } from './paths';

/** What fields are filled from: all of it is made by Lethe, or is a number or a coded word of the standard. */
export interface PathFacts {
  /** Pseudonym. */
  readonly patient: string;
  /** New UIDs. */
  readonly study: string;
  readonly series: string;
  readonly instance: string;
  /** (0008,0060), a code of the standard; 'OT' when it is not one. */
  readonly modality: string;
  readonly seriesNumber: number | null;
  readonly instanceNumber: number | null;
  /** With its dot: '.dcm', '.png', '.nii.gz'. */
  readonly extension: string;
}

const fields = ['patient', 'study', 'series', 'instance', 'modality', 'seriesNumber', 'instanceNumber'] as const;
type Field = (typeof fields)[number];

export const defaultTemplate = '{patient}/{study}/{series}/{instance}';

/** Checks a template once. `bad-profile` says what is wrong. */
export function checkTemplate(template: string): Result<string> {
  for (const [, field] of template.matchAll(/\{([^{}]*)\}/g)) {
    if (!(fields as readonly string[]).includes(field ?? '')) {
      return fail('bad-profile', `The name template has an unknown field. Known are ${fields.join(', ')}.`);
    }
  }
  if (!template.includes('{instance}')) {
    return fail('bad-profile', 'The name template must contain {instance}, or files would get the same name.');
  }
  const sample = fill(template, (field) => (field === 'patient' ? 'ANON' : '1'));
  if (!isSafePath(sample)) {
    return fail(
      'bad-profile',
      'The name template may hold letters, digits, dots, dashes, underscores and slashes only.',
    );
  }
  return ok(template);
}

/** Fills a checked template. */
export function outputPath(template: string, facts: PathFacts): string {
  const path = fill(template, (field) => {
    const value = facts[field];
    if (value === null) return '0';
    if (field === 'modality') return /^[A-Z]{2,16}$/.test(String(value)) ? String(value) : 'OT';
    return safeName(typeof value === 'number' ? String(Math.trunc(value)).padStart(4, '0') : value);
  });
  return path + facts.extension;
}

/** Literal text and fields of the template in use, in turns: a batch fills the same one for every file. */
let taken: { readonly template: string; readonly pieces: readonly string[] } = { template: '', pieces: [''] };

function fill(template: string, value: (field: Field) => string): string {
  if (taken.template !== template) taken = { template, pieces: template.split(/\{([^{}]*)\}/) };
  let path = '';
  taken.pieces.forEach((piece, i) => {
    path += i % 2 === 0 ? piece : value(piece as Field);
  });
  return path;
}
