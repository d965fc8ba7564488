/** What a batch does for the rules of its machine: asks before it begins, and once more when it knows what the images are. */
import type { BatchAccess, KioskSession } from '../../kiosk/session';
import type { Decision } from '../../kiosk/rules';
import type { KioskDestination } from '../../kiosk/policy';
import { fail, ok, type Failure, type Result } from '../../result';
import { failure } from '../errors';
import type { BatchFacts, BatchOptions } from './types';

export class AccessStage {
  readonly #session: KioskSession;
  readonly #request: Parameters<KioskSession['begins']>[0];
  #access: BatchAccess | undefined;

  constructor(
    kiosk: { readonly session: KioskSession; readonly destination: KioskDestination },
    { profile, items }: Pick<BatchOptions, 'profile' | 'items'>,
  ) {
    this.#session = kiosk.session;
    this.#request = { profile, destination: kiosk.destination, items };
  }

  /** For the record of the batch, once it was allowed. */
  get access(): BatchAccess | undefined {
    return this.#access;
  }

  async begin(): Promise<Result<null>> {
    try {
      const allowed = await this.#session.begins(this.#request);
      if (!allowed.ok) return allowed;
      this.#access = allowed.value;
      return ok(null);
    } catch {
      return unwritten();
    }
  }

  /** Which inputs may not leave because nobody looked at them or because of what they are, and why. */
  async denied(facts: ReadonlyMap<number, BatchFacts>): Promise<Result<ReadonlyMap<number, Failure>>> {
    const denied = new Map<number, Failure>();
    const counts = new Map<string, number>();
    for (const [index, { modality }] of facts) {
      if (this.#session.holds(this.#request.items[index])) denied.set(index, failure('needs-review'));
      else counts.set(modality, (counts.get(modality) ?? 0) + 1);
    }
    let decisions: ReadonlyMap<string, Decision>;
    try {
      decisions = await this.#session.modalities(this.#request, counts);
    } catch {
      return unwritten();
    }
    for (const [index, { modality }] of facts) {
      if (denied.has(index)) continue;
      const decision = decisions.get(modality);
      if (decision?.allowed === false) denied.set(index, notAllowed(decision));
    }
    return ok(denied);
  }
}

function notAllowed({ rule }: Decision): Failure {
  const message = 'The rules of this machine do not allow images of this kind to leave.';
  return rule === undefined ? fail('not-allowed', message) : fail('not-allowed', message, `rule ${rule.id}`);
}

/** What can't be recorded is not done. */
const unwritten = (): Failure => fail('not-allowed', 'The security record of this machine can not be written.');
