/** The text engine of this thread: loaded when first needed, once, and again after a failure. */
import type { DetectOptions, TextEngine } from '../detect';
import type { IdentityFacts } from '../deid/context';
import type { Profile } from '../deid/profile';
import { matchesIdentity } from '../deid/text';
import type { Head } from '../detect/verifier/head';
import type { Result } from '../result';
import { failure } from './errors';

export type TextEngineFactory = () => Promise<Result<TextEngine>>;

export class TextModel {
  readonly #create: TextEngineFactory | undefined;
  #loading: Promise<Result<TextEngine>> | undefined;
  #head: Head | null = null;
  #last: Promise<unknown> = Promise.resolve();

  constructor(create: TextEngineFactory | undefined) {
    this.#create = create;
  }

  async engine(): Promise<Result<TextEngine>> {
    if (this.#create === undefined) return failure('model-unavailable');
    this.#loading ??= this.#create();
    const engine = await this.#loading;
    if (engine.ok) engine.value.useHead(this.#head);
    else this.#loading = undefined;
    return engine;
  }

  /** The region verifier that this and every later engine uses. */
  useHead(head: Head | null): void {
    this.#head = head;
  }

  /**
   * Runs searches one after another: two at a time would take twice the memory and be no faster. After one that throws the next has an engine
   * of its own: threads that compute on one memory may be lost (detect/kernels/team.ts).
   */
  inTurn<T>(search: () => Promise<T>): Promise<T> {
    const turn = this.#last.then(search);
    this.#last = turn.catch(() => this.dispose());
    return turn;
  }

  async dispose(): Promise<void> {
    const engine = await this.#loading;
    if (engine?.ok === true) engine.value.dispose();
    this.#loading = undefined;
  }
}

/** How found text is judged: by the profile's policy, against the patient's identity. */
export function judging(
  policy: Pick<Profile['pixels'], 'text' | 'keep'>,
  identity: IdentityFacts | undefined,
): DetectOptions {
  return {
    policy: policy.text,
    keep: policy.keep,
    matches: matchesIdentity,
    ...(identity !== undefined && { identity }),
  };
}
