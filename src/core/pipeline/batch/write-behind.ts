/**
 * Results on their way to the destination. A disk that has to flush several files at once takes hardly longer than for one, so the
 * next input is worked on meanwhile. Bounded, since what is on its way is held in memory.
 */
const mostWriting = 16;
const mostWritingBytes = 32 * 1024 * 1024;

export class WriteBehind {
  readonly #writing = new Set<Promise<void>>();
  #bytes = 0;

  /** Waits until few enough results are on their way; a large one goes alone. */
  async roomFor(size: number): Promise<void> {
    while (this.#writing.size > 0 && (this.#writing.size >= mostWriting || this.#bytes + size > mostWritingBytes)) {
      await Promise.race(this.#writing);
    }
  }

  /** @param write never rejects */
  add(size: number, write: () => Promise<void>): void {
    this.#bytes += size;
    const writing: Promise<void> = write().finally(() => {
      this.#writing.delete(writing);
      this.#bytes -= size;
    });
    this.#writing.add(writing);
  }

  /** Resolves when all are there. */
  async settled(): Promise<void> {
    await Promise.all(this.#writing);
  }
}
