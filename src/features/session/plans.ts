/** The tag diff of an Instance under the profile in force. */
import type { PlanRow } from '../../core/deid/plan';
import type { Profile } from '../../core/deid/profile';
import type { Region } from '../../core/detect/types';
import { fail, type Result } from '../../core/result';
import { useApp, type InstanceId } from '../../store';
import { fileOf, getClient, getKey, sessionSignal } from './files';
import { knownPseudonym } from './lookup';
import { Lru } from './lru';

/** A plan row is about half a kilobyte of text: the budget counts rows. */
const plans = new Lru<readonly PlanRow[]>(60_000, (rows) => rows.length + 1);
const profileNumbers = new WeakMap<Profile, number>();
let profiles = 0;

function numberOf(profile: Profile): number {
  let n = profileNumbers.get(profile);
  if (n === undefined) profileNumbers.set(profile, (n = ++profiles));
  return n;
}

export async function loadPlan(
  id: InstanceId,
  profile: Profile,
  regions: readonly Region[],
  signal?: AbortSignal,
): Promise<Result<readonly PlanRow[]>> {
  const input = fileOf(id);
  if (!input) return fail('cancelled', 'The session was closed.');
  // The plan depends on whether pixels change, not on where.
  const redacts = regions.some((r) => r.action === 'redact');
  const key = `${id}/${numberOf(profile)}/${redacts}`;
  const cached = plans.get(key);
  if (cached) return { ok: true, value: cached };
  const signals = signal ? AbortSignal.any([signal, sessionSignal()]) : sessionSignal();
  const patient = useApp.getState().instances.get(id)?.summary?.patient.id ?? '';
  const pseudonym = await knownPseudonym(patient);
  const settings = { profile, key: getKey(), regions, ...(pseudonym !== undefined && { pseudonym }) };
  const result = await getClient().plan(input, settings, { signal: signals });
  if (result.ok && fileOf(id) === input) plans.set(key, result.value);
  return result;
}

/** After the key changed, or the session was closed. */
export function dropPlans(): void {
  plans.clear();
}
