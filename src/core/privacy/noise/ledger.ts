/** Questions and spent budgets as JSON documents. Every key is checked: a misread number would promise what is not held. */
import * as v from 'valibot';
import { fail, ok, type Result } from '../../result';
import { Accountant } from './accountant';
import type { Mechanism } from './mechanisms';
import type { Query } from './statistics';

const bounds = v.strictObject({ low: v.number(), high: v.number() });
const measure = v.picklist(['age', 'size', 'weight']);
const values = v.pipe(v.array(v.pipe(v.string(), v.minLength(1), v.maxLength(16))), v.minLength(1), v.maxLength(100));

const query = v.union([
  v.strictObject({ kind: v.literal('count') }),
  v.strictObject({ kind: v.literal('histogram'), of: measure, bounds, width: v.pipe(v.number(), v.gtValue(0)) }),
  v.strictObject({ kind: v.literal('histogram'), of: v.picklist(['sex', 'modality']), values }),
  v.strictObject({ kind: v.literal('mean'), of: measure, bounds }),
  v.strictObject({
    kind: v.literal('quantile'),
    of: measure,
    bounds,
    q: v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(1000)),
  }),
]);

const positive = v.pipe(v.number(), v.gtValue(0), v.maxValue(50));
const mechanism = v.variant('kind', [
  v.strictObject({ kind: v.literal('laplace'), epsilon: positive }),
  v.strictObject({
    kind: v.literal('gaussian'),
    epsilon: positive,
    delta: v.pipe(v.number(), v.gtValue(0), v.ltValue(0.1)),
  }),
]);

const questions = v.pipe(v.array(v.strictObject({ query, mechanism })), v.minLength(1), v.maxLength(200));

const share = v.pipe(v.number(), v.minValue(0));
const ledger = v.strictObject({
  schema: v.literal('lethe-ledger/1'),
  budget: v.strictObject({
    epsilon: positive,
    delta: share,
    composition: v.picklist(['basic', 'advanced', 'zcdp']),
  }),
  releases: v.array(v.strictObject({ what: v.string(), epsilon: share, delta: share, rho: share })),
});

export interface Question {
  readonly query: Query;
  readonly mechanism: Mechanism;
}

function json(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

export function checkQueries(text: string): Result<readonly Question[]> {
  const read = v.safeParse(questions, json(text));
  return read.success ? ok(read.output) : fail('bad-profile', wrong('The list of questions', read.issues[0]));
}

export function checkLedger(text: string): Result<Accountant> {
  const read = v.safeParse(ledger, json(text));
  if (!read.success) return fail('bad-profile', wrong('The ledger', read.issues[0]));
  try {
    return ok(new Accountant(read.output.budget, read.output.releases));
  } catch {
    return fail('bad-profile', 'The ledger has a budget that makes no sense.');
  }
}

function wrong(what: string, issue: v.BaseIssue<unknown>): string {
  const path = v.getDotPath(issue);
  return path === null ? `${what} is not as it has to be.` : `${what} is not as it has to be at "${path}".`;
}
