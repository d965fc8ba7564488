/**
 * ICC profiles (ICC.1:2022), made anew from the numbers that colours need. A profile says more than that: who made it, when, for
 * which device with which serial number, on which screen it was measured, in texts of any length. Of all that nothing stays.
 */

const HEADER = 128;
const MAX_TAGS = 200;
/** Profiles of printers take a few MiB. */
const MAX_BYTES = 16 * 1024 * 1024;
/** Longest curve that any program writes. */
const MAX_CURVE = 65_536;

const ascii = (text: string): Uint8Array => Uint8Array.from(text, (c) => c.charCodeAt(0));
const nameAt = (bytes: Uint8Array, at: number): string => String.fromCharCode(...bytes.subarray(at, at + 4));
const viewOf = (bytes: Uint8Array): DataView => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);

/** Colour samples a pixel by the profile's colour space. */
const channels: Readonly<Record<string, number>> = { GRAY: 1, 'RGB ': 3, CMYK: 4 };
/** Input, display, output device, colour space. Links, abstract and named-colour profiles say nothing about an image. */
const classes = ['scnr', 'mntr', 'prtr', 'spac'];

type Cleaner = (data: Uint8Array) => Uint8Array | null;

/** One XYZ number. */
const xyz: Cleaner = (data) =>
  nameAt(data, 0) === 'XYZ ' && data.length >= 20 ? typed('XYZ ', data.subarray(8, 20)) : null;

const matrix: Cleaner = (data) =>
  nameAt(data, 0) === 'sf32' && data.length >= 44 ? typed('sf32', data.subarray(8, 44)) : null;

/** A curve: a gamma, a formula, or a table that never turns back, in which no text could stand. */
const curve: Cleaner = (data) => {
  const view = viewOf(data);
  if (nameAt(data, 0) === 'para' && data.length >= 12) {
    const numbers = [1, 3, 4, 5, 7][view.getUint16(8)];
    if (numbers === undefined || data.length < 12 + 4 * numbers) return null;
    const out = data.slice(8, 12 + 4 * numbers);
    out.fill(0, 2, 4);
    return typed('para', out);
  }
  if (nameAt(data, 0) !== 'curv' || data.length < 12) return null;
  const count = view.getUint32(8);
  if (count > MAX_CURVE || data.length < 12 + 2 * count) return null;
  const value = (i: number): number => view.getUint16(12 + 2 * i);
  const way = count > 1 ? Math.sign(value(count - 1) - value(0)) : 0;
  for (let i = 1; i < count; i++) if ((value(i) - value(i - 1)) * way < 0) return null;
  return typed('curv', data.subarray(8, 12 + 2 * count));
};

/** A table of colours (lut8, lut16), exactly as long as its header says, or one of several steps (lutAToB, lutBToA). */
const table: Cleaner = (data) => {
  const type = nameAt(data, 0);
  if (data.length < 32 || !['mft1', 'mft2', 'mAB ', 'mBA '].includes(type)) return null;
  if (type === 'mAB ' || type === 'mBA ') {
    const out = data.subarray(8).slice();
    out.fill(0, 2, 4);
    return typed(type, out);
  }
  const [inputs = 0, outputs = 0, grid = 0] = data.subarray(8, 11);
  const view = viewOf(data);
  if (data.length < 52 || inputs > 15 || outputs > 15) return null;
  const entries = type === 'mft1' ? [256, 256] : [view.getUint16(48), view.getUint16(50)];
  const values = (entries[0] ?? 0) * inputs + grid ** inputs * outputs + (entries[1] ?? 0) * outputs;
  const length = type === 'mft1' ? 48 + values : 52 + 2 * values;
  if (!Number.isSafeInteger(length) || data.length < length) return null;
  const out = data.slice(8, length);
  out[3] = 0;
  return typed(type, out);
};

/** Tags that colours depend on. What describes, measures, warns or names goes. */
const kept: ReadonlyMap<string, Cleaner> = new Map([
  ['wtpt', xyz], ['chad', matrix], ['rXYZ', xyz], ['gXYZ', xyz], ['bXYZ', xyz],
  ['rTRC', curve], ['gTRC', curve], ['bTRC', curve], ['kTRC', curve],
  ['A2B0', table], ['A2B1', table], ['A2B2', table], ['B2A0', table], ['B2A1', table], ['B2A2', table],
]); // prettier-ignore

/** Type, four reserved bytes, content. */
function typed(type: string, content: Uint8Array): Uint8Array {
  const out = new Uint8Array(8 + content.length);
  out.set(ascii(type));
  out.set(content, 8);
  return out;
}

/** Description and rights, which every profile must have: the same words in all of them. */
function words(major: number): readonly (readonly [string, Uint8Array])[] {
  const description = 'Colours of this image';
  const rights = 'None stated';
  if (major === 2) {
    const desc = new Uint8Array(4 + description.length + 1 + 8 + 3 + 67);
    viewOf(desc).setUint32(0, description.length + 1);
    desc.set(ascii(description), 4);
    return [
      ['desc', typed('desc', desc)],
      ['cprt', typed('text', ascii(`${rights}\0`))],
    ];
  }
  const localised = (text: string): Uint8Array => {
    const out = new Uint8Array(20 + 2 * text.length);
    const view = viewOf(out);
    [1, 12, 0x656e5553, 2 * text.length, 28].forEach((n, i) => view.setUint32(4 * i, n));
    for (let i = 0; i < text.length; i++) view.setUint16(20 + 2 * i, text.charCodeAt(i));
    return typed('mluc', out);
  };
  return [
    ['desc', localised(description)],
    ['cprt', localised(rights)],
  ];
}

/** The profile's tags that colours need, cleaned; null when one of them is damaged. */
function tagsOf(bytes: Uint8Array): Map<string, Uint8Array> | null {
  const view = viewOf(bytes);
  const count = view.getUint32(HEADER);
  if (count > MAX_TAGS || bytes.length < HEADER + 4 + 12 * count) return null;
  const tags = new Map<string, Uint8Array>();
  for (let i = 0; i < count; i++) {
    const at = HEADER + 4 + 12 * i;
    const name = nameAt(bytes, at);
    const cleaner = kept.get(name);
    if (cleaner === undefined) continue;
    const start = view.getUint32(at + 4);
    const end = start + view.getUint32(at + 8);
    const data = end <= bytes.length && end - start >= 8 ? cleaner(bytes.subarray(start, end)) : null;
    if (data === null || tags.has(name)) return null;
    tags.set(name, data);
  }
  return tags;
}

/** Names of the tags of a profile that do not stay as they are, in its own words. */
export function droppedTags(bytes: Uint8Array): readonly string[] {
  if (bytes.length < HEADER + 4) return [];
  const count = Math.min(MAX_TAGS, viewOf(bytes).getUint32(HEADER), Math.floor((bytes.length - HEADER - 4) / 12));
  const names = Array.from({ length: count }, (_, i) => nameAt(bytes, HEADER + 4 + 12 * i));
  return names.filter((name) => !kept.has(name) && /^[\x20-\x7e]{4}$/.test(name)).map((name) => name.trim());
}

/** Whether the tags say what the colours of the space are. */
function suffices(tags: ReadonlyMap<string, unknown>, space: string, pcs: string): boolean {
  if (tags.has('A2B0')) return true;
  if (pcs !== 'XYZ ' && space !== 'GRAY') return false;
  const needed =
    space === 'GRAY' ? ['kTRC'] : space === 'RGB ' ? ['rXYZ', 'gXYZ', 'bXYZ', 'rTRC', 'gTRC', 'bTRC'] : null;
  return needed?.every((name) => tags.has(name)) === true;
}

/**
 * The profile with nothing in it but the numbers that colours need, under a fixed header and fixed words; a profile that is so
 * already comes out byte for byte. null: it is damaged, of a kind that says nothing about an image, or made for another colour space.
 * @param samples colour samples a pixel of the image, alpha not counted; absent: any
 */
export function cleanProfile(bytes: Uint8Array, samples?: number): Uint8Array | null {
  if (bytes.length < HEADER + 4 || bytes.length > MAX_BYTES || nameAt(bytes, 36) !== 'acsp') return null;
  const size = viewOf(bytes).getUint32(0);
  if (size < HEADER + 4 || size > bytes.length) return null;
  const own = bytes.subarray(0, size);
  const [major, kind, space, pcs] = [own[8], nameAt(own, 12), nameAt(own, 16), nameAt(own, 20)];
  if ((major !== 2 && major !== 4) || !classes.includes(kind) || (pcs !== 'XYZ ' && pcs !== 'Lab ')) return null;
  if (channels[space] === undefined || (samples !== undefined && channels[space] !== samples)) return null;
  const tags = tagsOf(own);
  if (tags === null || !suffices(tags, space, pcs)) return null;
  if (!tags.has('wtpt')) tags.set('wtpt', typed('XYZ ', d50));
  return assemble([...words(major), ...tags], { major, kind, space, pcs, intent: (own[67] ?? 0) & 3 });
}

/** The profile connection space's white. */
const d50 = Uint8Array.of(0, 0, 0xf6, 0xd6, 0, 1, 0, 0, 0, 0, 0xd3, 0x2d);

interface Facts {
  readonly major: number;
  readonly kind: string;
  readonly space: string;
  readonly pcs: string;
  readonly intent: number;
}

/** Header, table, tags; equal ones are stored once. */
function assemble(tags: readonly (readonly [string, Uint8Array])[], facts: Facts): Uint8Array {
  const places: { name: string; at: number; data: Uint8Array; first: boolean }[] = [];
  let at = HEADER + 4 + 12 * tags.length;
  for (const [name, data] of tags) {
    const same = places.find((p) => p.data.length === data.length && p.data.every((b, i) => b === data[i]));
    places.push({ name, data, at: same?.at ?? at, first: same === undefined });
    if (same === undefined) at += (data.length + 3) & ~3;
  }
  const out = new Uint8Array(at);
  const view = viewOf(out);
  view.setUint32(0, at);
  out.set([facts.major, facts.major === 2 ? 0x40 : 0x30], 8);
  out.set(ascii(facts.kind + facts.space + facts.pcs), 12);
  // The day on which every profile was made.
  [2000, 1, 1].forEach((n, i) => view.setUint16(24 + 2 * i, n));
  out.set(ascii('acsp'), 36);
  out[67] = facts.intent;
  out.set(d50, 68);
  view.setUint32(HEADER, tags.length);
  places.forEach(({ name, at: place, data, first }, i) => {
    const entry = HEADER + 4 + 12 * i;
    out.set(ascii(name), entry);
    view.setUint32(entry + 4, place);
    view.setUint32(entry + 8, data.length);
    if (first) out.set(data, place);
  });
  return out;
}
