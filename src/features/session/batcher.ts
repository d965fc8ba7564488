/** Gathers changes and hands them on together, so that a batch of thousands costs the page a few renders a second. */
export class Batcher<K, V> {
  #pending = new Map<K, V>();
  #timer: ReturnType<typeof setTimeout> | null = null;

  constructor(
    private readonly flushTo: (changes: ReadonlyMap<K, V>) => void,
    private readonly merge: (a: V, b: V) => V,
    private readonly delay = 250,
  ) {}

  add(key: K, value: V): void {
    const before = this.#pending.get(key);
    this.#pending.set(key, before === undefined ? value : this.merge(before, value));
    this.#timer ??= setTimeout(() => this.flush(), this.delay);
  }

  flush(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    if (this.#pending.size === 0) return;
    const changes = this.#pending;
    this.#pending = new Map();
    this.flushTo(changes);
  }

  /** Forgets what is pending. */
  drop(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    this.#pending = new Map();
  }
}
