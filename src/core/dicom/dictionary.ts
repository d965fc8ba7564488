/** The data dictionary (PS3.6): what a tag is called and how its value is represented. */
import { dictionaryRows, repeatingRows, vmCodes, vrCodes } from '../generated/dictionary';
import { isPrivate, type Tag } from './data-set';
import { nameFromKeyword } from './keyword-name';

export { dictionaryEdition } from '../generated/dictionary';

export interface DictionaryEntry {
  readonly keyword: string;
  readonly name: string;
  /** As printed: 'PN', or alternatives joined by a slash: 'US/SS', 'OB/OW'. Empty where the standard names none. */
  readonly vr: string;
  readonly vm: string;
  readonly retired: boolean;
}

const alphabet = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

interface Table {
  /** Tags in ascending order; `bodies[i]` belongs to `tags[i]`. */
  readonly index: ReadonlyMap<Tag, number>;
  readonly bodies: readonly string[];
  readonly vrs: readonly string[];
  readonly vms: readonly string[];
  readonly repeating: readonly { readonly mask: number; readonly value: number; readonly body: string }[];
}

let table: Table | undefined;

/** The compact string is taken apart once, when the first tag is looked up: about 2 ms. */
function load(): Table {
  const index = new Map<Tag, number>();
  const bodies: string[] = [];
  let tag = 0;
  let at = 0;
  while (at < dictionaryRows.length) {
    const space = dictionaryRows.indexOf(' ', at);
    let end = dictionaryRows.indexOf('\n', space);
    if (end < 0) end = dictionaryRows.length;
    tag += parseInt(dictionaryRows.slice(at, space), 36);
    index.set(tag, bodies.length);
    bodies.push(dictionaryRows.slice(space + 1, end));
    at = end + 1;
  }
  const repeating = repeatingRows.split('\n').map((row) => {
    const pattern = row.slice(0, 8);
    return {
      mask: parseInt(pattern.replace(/[^x]/g, 'F').replaceAll('x', '0'), 16) >>> 0,
      value: parseInt(pattern.replaceAll('x', '0'), 16),
      body: row.slice(9),
    };
  });
  return { index, bodies, vrs: vrCodes.split(' '), vms: vmCodes.split(','), repeating };
}

/** Groups that repeat: 50xx, 60xx, 7Fxx up to xx1E/xxFE, and single rows of (0020,31xx), (0028,04x0), (1000,xxx0), (1010,xxxx). */
function repeats(group: number): boolean {
  const high = group >>> 8;
  return high === 0x50 || high === 0x60 || high === 0x7f || group === 0x20 || group === 0x28 || high === 0x10;
}

function bodyOf(tag: Tag): string | undefined {
  table ??= load();
  const at = table.index.get(tag);
  if (at !== undefined) return table.bodies[at];
  if (isPrivate(tag) || !repeats(tag >>> 16)) return undefined;
  for (const row of table.repeating) {
    if ((tag & row.mask) >>> 0 === row.value) return row.body;
  }
  return undefined;
}

const entries = new Map<Tag, DictionaryEntry | undefined>();

/**
 * The entry of a standard attribute, repeating groups (PS3.5 7.6) included; undefined for private tags and for those the
 * edition does not know. Group lengths (gggg,0000) of every even group are 'UL' (PS3.5 7.2).
 */
export function lookup(tag: Tag): DictionaryEntry | undefined {
  const known = entries.get(tag);
  if (known !== undefined) return known;
  const body = bodyOf(tag);
  if (body === undefined) {
    if ((tag & 0xffff) !== 0 || isPrivate(tag)) return undefined;
    return { keyword: 'GenericGroupLength', name: 'Generic Group Length', vr: 'UL', vm: '1', retired: true };
  }
  const entry = entryOf(body);
  entries.set(tag, entry);
  return entry;
}

function entryOf(body: string): DictionaryEntry {
  table ??= load();
  const retired = body.charAt(2) === '-';
  const text = body.slice(retired ? 3 : 2);
  const bar = text.indexOf('|');
  const keyword = bar < 0 ? text : text.slice(0, bar);
  return {
    keyword,
    name: bar < 0 ? nameFromKeyword(keyword) : text.slice(bar + 1),
    vr: table.vrs[alphabet.indexOf(body.charAt(0))] ?? '',
    vm: table.vms[alphabet.indexOf(body.charAt(1))] ?? '',
    retired,
  };
}

/** Tags are too large for small integers and slow as keys of a map: the VRs last asked for are kept in slots instead. */
const slots = 4096;
const slotTags = new Uint32Array(slots);
const slotVrs: string[] = Array.from({ length: slots }, () => '');

/**
 * The VR of a tag as printed in the dictionary, without making the whole entry: what the parser asks for each element of a
 * data set. Private creators (PS3.5 7.8.1) are 'LO', group lengths 'UL', everything unknown ''.
 */
export function dictionaryVr(tag: Tag): string {
  const slot = (tag ^ (tag >>> 13)) & (slots - 1);
  if (slotTags[slot] === tag && tag !== 0) return slotVrs[slot] as string;
  const vr = lookUpVr(tag);
  slotTags[slot] = tag;
  slotVrs[slot] = vr;
  return vr;
}

function lookUpVr(tag: Tag): string {
  const body = bodyOf(tag);
  if (body !== undefined) return table?.vrs[alphabet.indexOf(body.charAt(0))] ?? '';
  const element = tag & 0xffff;
  if (element === 0) return 'UL';
  return isPrivate(tag) && element >= 0x10 && element <= 0xff ? 'LO' : '';
}

/** The most values that an attribute may have by its VM; Infinity where there is no end ('1-n', '2-2n') or the tag is unknown. */
export function mostValues(tag: Tag): number {
  const last = lookup(tag)?.vm.split('-').at(-1) ?? '';
  return /^\d+$/.test(last) ? Number(last) : Infinity;
}

let byKeyword: ReadonlyMap<string, Tag> | undefined;

/** The tag of a keyword ('PatientName' → 0x00100010); repeating groups excluded. */
export function tagOf(keyword: string): Tag | undefined {
  if (byKeyword === undefined) {
    table ??= load();
    const map = new Map<string, Tag>();
    for (const [tag, at] of table.index) {
      const entry = entryOf(table.bodies[at] ?? '');
      if (entry.keyword !== '') map.set(entry.keyword, tag);
    }
    byKeyword = map;
  }
  return byKeyword.get(keyword);
}
