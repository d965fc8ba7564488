/** Keeps what was used last, up to a budget. The unit of cost is the caller's. */
export class Lru<V> {
  readonly #entries = new Map<string, { value: V; cost: number }>();
  #cost = 0;

  constructor(
    private readonly budget: number,
    private readonly costOf: (value: V) => number,
  ) {}

  get(key: string): V | undefined {
    const entry = this.#entries.get(key);
    if (!entry) return undefined;
    this.#entries.delete(key);
    this.#entries.set(key, entry);
    return entry.value;
  }

  set(key: string, value: V): void {
    this.delete(key);
    const cost = this.costOf(value);
    this.#entries.set(key, { value, cost });
    this.#cost += cost;
    for (const [oldest] of this.#entries) {
      if (this.#cost <= this.budget || oldest === key) break;
      this.delete(oldest);
    }
  }

  delete(key: string): void {
    const entry = this.#entries.get(key);
    if (!entry) return;
    this.#entries.delete(key);
    this.#cost -= entry.cost;
  }

  clear(): void {
    this.#entries.clear();
    this.#cost = 0;
  }

  get cost(): number {
    return this.#cost;
  }
}
