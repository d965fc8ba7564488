/** The words of `lethe cohort`, `lethe publish` and `lethe mask`, checked. */
import { parseArgs } from 'node:util';
import type { SensitiveRule } from '../core/deid/profile';
import { quasiNames, sensitiveNames, type QuasiName } from '../core/deid/quasi-identifiers';
import type { Composition } from '../core/privacy/noise/accountant';
import { jobsOf, oneOf, UsageError } from './usage';

export interface CohortCommand {
  readonly command: 'cohort';
  readonly inputs: readonly string[];
  readonly profile: string;
  readonly key?: string;
  /** Absent: those that usually count under the profile. */
  readonly by?: readonly QuasiName[];
  readonly k: number;
  readonly sensitive: readonly SensitiveRule[];
  readonly leaveOut: number;
  readonly fraction: number;
  readonly save?: string;
  readonly json: boolean;
  readonly jobs: number;
}

export interface PublishCommand {
  readonly command: 'publish';
  readonly inputs: readonly string[];
  readonly profile: string;
  readonly key?: string;
  readonly ask: string;
  readonly ledger: string;
  readonly budget?: { readonly epsilon: number; readonly delta: number; readonly composition: Composition };
  readonly jobs: number;
}

export interface MaskCommand {
  readonly command: 'mask';
  readonly inputs: readonly string[];
  readonly out: string;
  readonly images: readonly string[];
  readonly profile: string;
  readonly key?: string;
  readonly keyOut?: string;
  /** The encrypted lookup table: its pseudonyms are those of the texts. */
  readonly lookup?: string;
  readonly lookupPassphraseFile?: string;
  readonly jobs: number;
}

export type PrivacyCommand = CohortCommand | PublishCommand | MaskCommand;

const common = {
  profile: { type: 'string' },
  key: { type: 'string' },
  jobs: { type: 'string' },
} as const;

export const isPrivacyCommand = (word: string | undefined): word is PrivacyCommand['command'] =>
  word === 'cohort' || word === 'publish' || word === 'mask';

/** @throws UsageError */
export function parsePrivacyCommand(command: PrivacyCommand['command'], words: readonly string[]): PrivacyCommand {
  try {
    if (command === 'cohort') return cohort(words);
    return command === 'publish' ? publish(words) : mask(words);
  } catch (error) {
    if (error instanceof UsageError) throw error;
    throw new UsageError(error instanceof Error ? error.message : 'Wrong usage. See --help.');
  }
}

function cohort(words: readonly string[]): CohortCommand {
  const { values, positionals } = parseArgs({
    args: [...words],
    allowPositionals: true,
    options: {
      ...common,
      by: { type: 'string' },
      k: { type: 'string' },
      sensitive: { type: 'string', multiple: true },
      'leave-out': { type: 'string' },
      fraction: { type: 'string' },
      save: { type: 'string' },
      json: { type: 'boolean' },
    },
  });
  return {
    command: 'cohort',
    inputs: named(positionals),
    profile: values.profile ?? 'research',
    ...(values.key !== undefined && { key: values.key }),
    ...(values.by !== undefined && { by: values.by.split(',').map((name) => oneOf('by', name.trim(), quasiNames)) }),
    k: number('k', values.k ?? '5', 1, 100_000, true),
    sensitive: (values.sensitive ?? []).map(sensitiveRule),
    leaveOut: number('leave-out', values['leave-out'] ?? '0', 0, 1),
    fraction: number('fraction', values.fraction ?? '1', 1e-6, 1),
    ...(values.save !== undefined && { save: values.save }),
    json: values.json === true,
    jobs: jobsOf(values.jobs),
  };
}

/** 'diagnosis:distinct=2,t=0.3', 'diagnosis:recursive=2/3': l and c. */
function sensitiveRule(text: string): SensitiveRule {
  const [name = '', rules = ''] = text.split(':');
  const rule: { -readonly [K in keyof SensitiveRule]: SensitiveRule[K] } = {
    attribute: oneOf('sensitive', name.trim(), sensitiveNames),
  };
  for (const part of rules.split(',').filter((p) => p.trim() !== '')) {
    const [kind = '', value = ''] = part.split('=').map((p) => p.trim());
    if (kind === 't') rule.t = number('sensitive t', value, 0, 1);
    else if (kind === 'distinct' || kind === 'entropy')
      rule.diversity = { kind, l: number('sensitive l', value, 1, 1000) };
    else if (kind === 'recursive') {
      const [l = '', c = ''] = value.split('/');
      rule.diversity = { kind, l: number('sensitive l', l, 1, 1000), c: number('sensitive c', c, 1e-6, 1e6) };
    } else throw new UsageError('--sensitive wants NAME:distinct=L, NAME:entropy=L, NAME:recursive=L/C or NAME:t=T.');
  }
  if (rule.t === undefined && rule.diversity === undefined) throw new UsageError('--sensitive wants a rule, as in diagnosis:distinct=2.');
  return rule;
} // prettier-ignore

function publish(words: readonly string[]): PublishCommand {
  const { values, positionals } = parseArgs({
    args: [...words],
    allowPositionals: true,
    options: {
      ...common,
      ask: { type: 'string' },
      ledger: { type: 'string' },
      budget: { type: 'string' },
      delta: { type: 'string' },
      composition: { type: 'string' },
    },
  });
  if (values.ask === undefined) throw new UsageError('Say what to publish: --ask FILE.');
  if (values.ledger === undefined) throw new UsageError('Say where the spent budget is kept: --ledger FILE.');
  if (values.budget === undefined && (values.delta !== undefined || values.composition !== undefined)) {
    throw new UsageError('--delta and --composition belong to --budget.');
  }
  return {
    command: 'publish',
    inputs: named(positionals),
    profile: values.profile ?? 'research',
    ...(values.key !== undefined && { key: values.key }),
    ask: values.ask,
    ledger: values.ledger,
    ...(values.budget !== undefined && {
      budget: {
        epsilon: number('budget', values.budget, 1e-6, 50),
        delta: number('delta', values.delta ?? '1e-6', 0, 0.01),
        composition: oneOf('composition', values.composition ?? 'basic', ['basic', 'advanced', 'zcdp']),
      },
    }),
    jobs: jobsOf(values.jobs),
  };
}

function mask(words: readonly string[]): MaskCommand {
  const { values, positionals } = parseArgs({
    args: [...words],
    allowPositionals: true,
    options: {
      ...common,
      out: { type: 'string' },
      images: { type: 'string', multiple: true },
      'key-out': { type: 'string' },
      lookup: { type: 'string' },
      'lookup-passphrase-file': { type: 'string' },
    },
  });
  if (values.out === undefined) throw new UsageError('Say where the results go: --out DIR.');
  return {
    command: 'mask',
    inputs: named(positionals),
    out: values.out,
    images: values.images ?? [],
    profile: values.profile ?? 'research',
    ...(values.key !== undefined && { key: values.key }),
    ...(values['key-out'] !== undefined && { keyOut: values['key-out'] }),
    ...(values.lookup !== undefined && { lookup: values.lookup }),
    ...(values['lookup-passphrase-file'] !== undefined && { lookupPassphraseFile: values['lookup-passphrase-file'] }),
    jobs: jobsOf(values.jobs),
  };
}

function named(positionals: readonly string[]): readonly string[] {
  if (positionals.length === 0) throw new UsageError('Name at least one file or folder.');
  return positionals;
}

function number(name: string, text: string, least: number, most: number, whole = false): number {
  const value = Number(text);
  if (text.trim() === '' || !(value >= least && value <= most) || (whole && !Number.isInteger(value))) {
    throw new UsageError(`--${name} must be a ${whole ? 'whole ' : ''}number from ${least} to ${most}.`);
  }
  return value;
}
