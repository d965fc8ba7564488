/**
 * A session's Instances by id, in the order in which they came. A new version shares what did not change with the one before: news of
 * a few among 100,000 cost what a few pages of the list cost, not a copy of all of it several times a second.
 */
import type { InstanceEntry, InstanceId } from './types';

const pageSize = 512;

export class InstanceMap implements ReadonlyMap<InstanceId, InstanceEntry> {
  static readonly empty = new InstanceMap([], 0, new Map());

  /** The map itself where it is one already. */
  static of(map: ReadonlyMap<InstanceId, InstanceEntry>): InstanceMap {
    return map instanceof InstanceMap ? map : InstanceMap.empty.with(map.values());
  }

  private constructor(
    private readonly pages: readonly (readonly InstanceEntry[])[],
    readonly size: number,
    /** Shared by all versions of a session: a place, once given, stays, and those beyond `size` are later versions'. */
    private readonly places: Map<InstanceId, number>,
  ) {}

  get(id: InstanceId): InstanceEntry | undefined {
    const place = this.places.get(id);
    if (place === undefined || place >= this.size) return undefined;
    const entry = this.pages[Math.floor(place / pageSize)]?.[place % pageSize];
    return entry?.id === id ? entry : undefined;
  }

  has(id: InstanceId): boolean {
    return this.get(id) !== undefined;
  }

  /** The next version: entries that are there take their place, others come at the end. */
  with(entries: Iterable<InstanceEntry>): InstanceMap {
    const pages: (readonly InstanceEntry[])[] = this.pages.slice();
    const fresh = new Map<number, InstanceEntry[]>();
    const writable = (page: number): InstanceEntry[] => {
      let own = fresh.get(page);
      if (own === undefined) {
        own = pages[page]?.slice() ?? [];
        fresh.set(page, own);
        pages[page] = own;
      }
      return own;
    };
    let { size, places } = this;
    for (const entry of entries) {
      let place = places.get(entry.id);
      if (place === undefined || place >= size) {
        // Another version grew from this one, or this is the empty one of all sessions: from here on places are its own.
        if (places.size !== size || size === 0) places = new Map([...places].filter(([, at]) => at < size));
        place = size++;
        places.set(entry.id, place);
      }
      writable(Math.floor(place / pageSize))[place % pageSize] = entry;
    }
    return fresh.size === 0 ? this : new InstanceMap(pages, size, places);
  }

  *values(): MapIterator<InstanceEntry> {
    for (const page of this.pages) yield* page;
  }

  *keys(): MapIterator<InstanceId> {
    for (const page of this.pages) for (const entry of page) yield entry.id;
  }

  *entries(): MapIterator<[InstanceId, InstanceEntry]> {
    for (const page of this.pages) for (const entry of page) yield [entry.id, entry];
  }

  [Symbol.iterator](): MapIterator<[InstanceId, InstanceEntry]> {
    return this.entries();
  }

  forEach(each: (entry: InstanceEntry, id: InstanceId, map: ReadonlyMap<InstanceId, InstanceEntry>) => void): void {
    for (const page of this.pages) for (const entry of page) each(entry, entry.id, this);
  }
}
