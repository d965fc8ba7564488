/**
 * Gathers changes and hands them on together, so that a batch of thousands costs the page a few renders a second. The more handing
 * on takes, the rarer it is: a session of 100,000 stays as easy to use as one of ten.
 */
/** At most one part in so many of the time goes into handing on. */
const share = 12;

export class Batcher<K, V> {
  #pending = new Map<K, V>();
  #timer: ReturnType<typeof setTimeout> | null = null;
  /** Milliseconds that the last hand-over took. */
  #cost = 0;

  constructor(
    private readonly flushTo: (changes: ReadonlyMap<K, V>) => void,
    private readonly merge: (a: V, b: V) => V,
    private readonly delay = 250,
  ) {}

  add(key: K, value: V): void {
    const before = this.#pending.get(key);
    this.#pending.set(key, before === undefined ? value : this.merge(before, value));
    this.#timer ??= setTimeout(() => this.flush(), Math.max(this.delay, share * this.#cost));
  }

  flush(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    if (this.#pending.size === 0) return;
    const changes = this.#pending;
    this.#pending = new Map();
    const start = performance.now();
    this.flushTo(changes);
    this.#cost = performance.now() - start;
  }

  /** Forgets what is pending. */
  drop(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    this.#pending = new Map();
  }
}
