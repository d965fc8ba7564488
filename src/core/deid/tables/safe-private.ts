/** PS3.15 Table E.3.10-1: private attributes that are known to be safe, by creator, group and low byte of the element. */
import { safePrivateRows } from '../../generated/ps315';

let table: ReadonlyMap<string, ReadonlySet<number>> | undefined;

function load(): ReadonlyMap<string, ReadonlySet<number>> {
  const map = new Map<string, ReadonlySet<number>>();
  for (const line of safePrivateRows.split('\n')) {
    const [creator = '', group = '', elements = ''] = line.split('|');
    const bytes = new Set<number>();
    for (let i = 0; i < elements.length; i += 2) bytes.add(parseInt(elements.slice(i, i + 2), 16));
    map.set(`${creator}|${String(parseInt(group, 16))}`, bytes);
  }
  return map;
}

/** Low bytes that are safe in the creator's block of a group; undefined when there are none. */
export function safeElements(creator: string, group: number): ReadonlySet<number> | undefined {
  table ??= load();
  return table.get(`${creator.trim()}|${group}`);
}
