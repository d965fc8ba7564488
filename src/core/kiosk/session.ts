/**
 * Who is at a kiosk, and what they may do: the one place where the policy is asked. The page and the command line hold one each;
 * the batch asks it again, whatever the screen showed. Everything it says that matters is in the security record before it is done.
 */
import { ok, fail, type Result } from '../result';
import type { Profile } from '../deid/profile';
import { afterWrong, isLocked, isPin, unlocked, type LockState } from './pin';
import type { KioskDestination, KioskPolicy } from './policy';
import { isFixed, profileNames } from './profile-names';
import type { KioskAction, Role } from './roles';
import { decide, type Attributes, type Decision } from './rules';
import type { BatchReason, SecurityEntry, SecurityEvent } from './security-record';

/** Where the security record is kept. Rejects when an entry can't be written: then what it tells of must not be done. */
export interface SecurityStore {
  /** All entries so far, in order. */
  readonly entries: () => Promise<readonly SecurityEntry[]>;
  readonly append: (event: SecurityEvent, role: Role | null, at: Date) => Promise<SecurityEntry>;
}

/** What a batch is asked for, as far as a policy speaks of it. */
export interface KioskRequest {
  readonly profile: Profile;
  readonly destination: KioskDestination;
  readonly items: readonly {
    readonly reviewed?: boolean;
    readonly accepted?: readonly unknown[];
    readonly excluded?: boolean;
  }[];
}

/** What a batch says of who allowed it, in its own record. */
export interface BatchAccess {
  /** Digest of the policy. */
  readonly policy: string;
  readonly role: Role;
  /** Chain value of the entry of the security record that allowed it. */
  readonly entry: string;
}

export interface PinFailure {
  readonly ok: false;
  readonly code: 'wrong' | 'locked-out' | 'no-pin';
  /** Milliseconds since 1970 before which no PIN is looked at. */
  readonly until: number;
}

export class KioskSession {
  readonly policy: KioskPolicy;
  readonly #store: SecurityStore;
  readonly #now: () => Date;
  #role: Role | null;
  #lock: LockState;
  /** PINs are tried one after the other, so that many tries at once do not slip past the lock. */
  #trying: Promise<unknown> = Promise.resolve();
  readonly #listeners = new Set<() => void>();

  private constructor(policy: KioskPolicy, store: SecurityStore, lock: LockState, now: () => Date) {
    this.policy = policy;
    this.#store = store;
    this.#now = now;
    this.#lock = lock;
    this.#role = policy.pins.operator === undefined ? 'operator' : null;
  }

  /** Puts a policy in force. What was tried with PINs before counts on. Rejects when the security record can't be written. */
  static async begin(policy: KioskPolicy, store: SecurityStore, now = () => new Date()): Promise<KioskSession> {
    const session = new KioskSession(policy, store, lockOf(await store.entries()), now);
    await store.append(
      { event: 'policy', policy: policy.digest, rules: policy.rules?.length ?? 0 },
      session.#role,
      now(),
    );
    return session;
  }

  get role(): Role | null {
    return this.#role;
  }

  /** Roles that can be changed to from here. */
  get roles(): readonly Role[] {
    const { pins } = this.policy;
    const withPin = (['operator', 'supervisor', 'auditor'] as const).filter((r) => pins[r] !== undefined);
    return pins.operator === undefined ? ['operator', ...withPin] : withPin;
  }

  /** Told when the role changes. */
  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** What the policy says, unrecorded: for the screen. */
  look(action: KioskAction, attributes: Attributes = {}): Decision {
    return decide(this.policy.rules, { ...attributes, action, role: this.#role, at: this.#now() });
  }

  may(action: KioskAction, attributes: Attributes = {}): boolean {
    return this.look(action, attributes).allowed;
  }

  attributesOf(profile: Profile, destination?: KioskDestination): Attributes {
    return { profile: profileNames(this.policy.profile, profile), ...(destination !== undefined && { destination }) };
  }

  /** What the policy says, written down. */
  async ask(action: KioskAction, attributes: Attributes = {}, count?: number): Promise<Decision> {
    const decision = this.look(action, attributes);
    await this.#store.append(recorded(action, decision, attributes, count), this.#role, this.#now());
    return decision;
  }

  async note(event: SecurityEvent): Promise<SecurityEntry> {
    return this.#store.append(event, this.#role, this.#now());
  }

  /** Changes the role where the PIN is right. */
  unlock(role: Role, pin: string): Promise<{ readonly ok: true } | PinFailure> {
    const next = this.#trying.then(() => this.#try(role, pin));
    this.#trying = next.catch(() => undefined);
    return next;
  }

  async #try(role: Role, pin: string): Promise<{ readonly ok: true } | PinFailure> {
    const record = this.policy.pins[role];
    if (record === undefined) return { ok: false, code: 'no-pin', until: 0 };
    // Another window may have been tried in as well.
    this.#lock = lockOf(await this.#store.entries());
    const now = this.#now();
    if (isLocked(this.#lock, now.getTime())) return { ok: false, code: 'locked-out', until: this.#lock.until };
    if (!(await isPin(record, pin))) {
      this.#lock = afterWrong(this.#lock, now.getTime());
      const out = isLocked(this.#lock, now.getTime());
      await this.#store.append({ event: out ? 'locked-out' : 'pin-wrong', as: role }, this.#role, now);
      return { ok: false, code: out ? 'locked-out' : 'wrong', until: this.#lock.until };
    }
    await this.#store.append({ event: 'unlocked', as: role }, this.#role, now);
    this.#lock = unlocked;
    this.#become(role);
    return { ok: true };
  }

  /** Back to who is there without a PIN. */
  async lock(): Promise<void> {
    const before = this.#role;
    const rest = this.policy.pins.operator === undefined ? 'operator' : null;
    if (before === rest) return;
    this.#become(rest);
    if (before !== null) await this.#store.append({ event: 'locked', as: before }, rest, this.#now());
  }

  #become(role: Role | null): void {
    this.#role = role;
    for (const listener of this.#listeners) listener();
  }

  /**
   * Whether a batch may begin. Asked by the batch itself: what the screen offers or hides is no matter. What rules say of
   * modalities is asked later, when headers are read (`modalities`).
   */
  async begins(request: KioskRequest): Promise<Result<BatchAccess>> {
    const role = this.#role;
    const attributes = this.attributesOf(request.profile, request.destination);
    const refuse = async (action: KioskAction, reason: BatchReason, message: string) => {
      await this.note({ event: 'decision', action, allowed: false, reason, ...described(attributes) });
      return fail('not-allowed', message);
    };
    if (!this.policy.destinations.includes(request.destination))
      return refuse('export', 'destination', 'This machine may not export to such a destination.');
    if (!isFixed(this.policy.profile, request.profile) && !this.may('change-profile'))
      return refuse(
        'change-profile',
        'profile-fixed',
        'The profile of this machine is fixed, and another one was in force.',
      );
    if (this.policy.requireReview && request.items.every((i) => i.excluded === true || i.reviewed !== true))
      return refuse('export', 'review', 'Every image must be looked at before it may leave, and none was.');
    const accepted = request.items.filter((i) => (i.accepted ?? []).length > 0).length;
    if (accepted > 0) {
      const { profile } = attributes;
      const decision = await this.ask('accept-finding', { profile }, accepted);
      if (!decision.allowed)
        return fail('not-allowed', 'Findings may not be let through by whoever is at this machine.', decision.rule?.id);
    }
    const whole = this.#whole(attributes);
    const entry = await this.note(recorded('export', whole, attributes, request.items.length));
    if (role === null || !whole.allowed)
      return fail('not-allowed', 'The rules of this machine do not allow this export.', whole.rule?.id);
    return ok({ policy: this.policy.digest, role, entry: entry.chain });
  }

  /** The export as long as modalities are not known: allowed when some modality could be. */
  #whole(attributes: Attributes): Decision {
    const named = new Set((this.policy.rules ?? []).flatMap((rule) => rule.modality ?? []));
    const decisions = [...named, '\u0000'].map((modality) => this.look('export', { ...attributes, modality }));
    const [first] = decisions;
    return decisions.find((d) => d.allowed) ?? first ?? this.look('export', attributes);
  }

  /** Whether an image stays until a person has looked at it, be it as it may otherwise. */
  holds(item: KioskRequest['items'][number] | undefined): boolean {
    return this.policy.requireReview && item?.reviewed !== true;
  }

  /** What the rules say of each modality of a batch: each is written down with the number of its Instances. */
  async modalities(
    request: Pick<KioskRequest, 'profile' | 'destination'>,
    counts: ReadonlyMap<string, number>,
  ): Promise<ReadonlyMap<string, Decision>> {
    const decisions = new Map<string, Decision>();
    if (this.policy.rules === undefined) return decisions;
    const attributes = this.attributesOf(request.profile, request.destination);
    for (const [modality, count] of counts)
      decisions.set(modality, await this.ask('export', { ...attributes, modality }, count));
    return decisions;
  }
}

/** What PINs that were tried so far mean for the next. */
export function lockOf(entries: readonly SecurityEntry[]): LockState {
  let state = unlocked;
  for (const entry of entries) {
    if (entry.event === 'unlocked') state = unlocked;
    else if (entry.event === 'pin-wrong' || entry.event === 'locked-out')
      state = afterWrong(state, Date.parse(entry.at));
  }
  return state;
}

const described = ({ profile, destination, modality }: Attributes) => ({
  ...(profile !== undefined && { profile }),
  ...(destination !== undefined && { destination }),
  ...(modality !== undefined && { modality: /^[A-Z0-9_]{1,16}$/.test(modality) ? modality : 'none' }),
});

function recorded(
  action: KioskAction,
  { allowed, reason, rule, missed }: Decision,
  attributes: Attributes,
  count: number | undefined,
): SecurityEvent {
  return {
    event: 'decision',
    action,
    allowed,
    reason,
    ...(rule !== undefined && { rule: rule.id }),
    ...(missed.length > 0 && { missed }),
    ...described(attributes),
    ...(count !== undefined && { count }),
  };
}
