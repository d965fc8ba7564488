/** `lethe publish`: statistics of a set with differential privacy, from a budget that is kept in a file. */
import { readFile, rename, writeFile } from 'node:fs/promises';
import { checkLedger, checkQueries } from '../core/privacy/noise/ledger';
import { Accountant } from '../core/privacy/noise/accountant';
import { costOf, publish as answer } from '../core/privacy/noise/statistics';
import { gather } from './gather';
import type { PublishCommand } from './privacy-arguments';
import { readKey, readProfile } from './settings';
import { UsageError } from './usage';

/** @returns the exit code: 2 when the budget does not reach; then nothing was published */
export async function publish(
  command: PublishCommand,
  print: (text: string) => Promise<void>,
  signal: AbortSignal,
): Promise<number> {
  const asked = checkQueries(await text(command.ask, 'The questions'));
  if (!asked.ok) throw new UsageError(asked.message);
  const accountant = await openLedger(command);
  const spending = new Accountant(accountant.budget, accountant.releases);
  for (const { query, mechanism } of asked.value) {
    let cost;
    try {
      cost = costOf(query, mechanism);
    } catch (error) {
      throw new UsageError(`A question makes no sense: ${error instanceof Error ? error.message : 'unknown'}.`);
    }
    if (!spending.spend({ ...cost, what: nameOf(query) })) {
      const { epsilon } = accountant.spent;
      await print(`The budget does not reach: ${epsilon.toFixed(3)} of ${accountant.budget.epsilon} is spent. Nothing was published.\n`);
      return 2;
    }
  }
  const profile = await readProfile(command);
  const { key } = await readKey(command.key);
  const { records } = await gather(command.inputs, { profile, key, jobs: command.jobs }, 'records', signal);
  // Written down before anything is drawn: what is shown is spent.
  await keepLedger(command.ledger, spending);
  const answers = asked.value.map(({ query, mechanism }) => ({ query, mechanism, ...answer(records, query, mechanism).answer }));
  const { spent, budget } = spending;
  await print(`${JSON.stringify({ answers, spent, budget }, null, 1)}\n`);
  return 0;
} // prettier-ignore

const nameOf = (query: { readonly kind: string; readonly of?: string }): string =>
  query.of === undefined ? query.kind : `${query.kind} ${query.of}`;

async function text(file: string, what: string): Promise<string> {
  return readFile(file, 'utf8').catch(() => {
    throw new UsageError(`${what} can't be read from '${file}'.`);
  });
}

async function openLedger({ ledger, budget }: PublishCommand): Promise<Accountant> {
  const kept = await readFile(ledger, 'utf8').catch(() => null);
  if (kept === null) {
    if (budget === undefined) throw new UsageError(`There is no ledger '${ledger}': begin one with --budget EPSILON.`);
    try {
      return new Accountant(budget);
    } catch (error) {
      throw new UsageError(error instanceof Error ? error.message : 'The budget makes no sense.');
    }
  }
  if (budget !== undefined) throw new UsageError('The ledger has its budget already: leave --budget out.');
  const read = checkLedger(kept);
  if (!read.ok) throw new UsageError(read.message);
  return read.value;
}

async function keepLedger(file: string, { budget, releases }: Accountant): Promise<void> {
  const next = `${file}.part`;
  try {
    await writeFile(next, `${JSON.stringify({ schema: 'lethe-ledger/1', budget, releases }, null, 1)}\n`, { mode: 0o600 });
    await rename(next, file);
  } catch {
    throw new UsageError(`The ledger '${file}' can't be written. Nothing was published.`);
  }
} // prettier-ignore
