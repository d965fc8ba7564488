/** What the gate looks for, made from the patient's identity and from the plan's originals. */
import type { IdentityFacts } from '../deid/context';
import { isRegisteredUid } from '../dicom/uids';
import { NeedleIndex, shortestNeedle } from './search';

export type NeedleKind =
  | 'name' // a person's whole name
  | 'name-part' // one word of it
  | 'id'
  | 'date' // a date of the identity, in some writing
  | 'text' // institution, address, telephone
  | 'path' // a folder's or file's name
  | 'path-word' // a word or number of it: looked for in output names alone
  | 'uid'
  | 'original'; // any other value that the plan removes or changes

export interface Sought {
  readonly kind: NeedleKind;
  /** Must stand free: no letter or digit on either side. Short values and numbers. */
  readonly wordOnly: boolean;
  readonly text: string;
}

/** How text becomes bytes in the file's character sets; null where a character can't be written in them. */
export type Encoder = (text: string) => readonly Uint8Array[];

/** Shorter values mean nothing where they are found; what is known to identify is looked for from four characters up. */
const shortestOriginal = 6;
const longestOriginal = 64;

const utf8 = new TextEncoder();

function asciiBytes(text: string): Uint8Array {
  const out = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i++) out[i] = text.charCodeAt(i);
  return out;
}

const isAscii = (text: string): boolean => {
  for (let i = 0; i < text.length; i++) if (text.charCodeAt(i) > 126 || text.charCodeAt(i) < 32) return false;
  return true;
};

/** Length as it tells people apart: ideographs and syllables say more than letters. */
function weight(text: string): number {
  let n = 0;
  for (const c of text) n += (c.codePointAt(0) ?? 0) >= 0x2e80 ? 2 : 1;
  return n;
}

function utf16(text: string, littleEndian: boolean): Uint8Array {
  const out = new Uint8Array(text.length * 2);
  const view = new DataView(out.buffer);
  for (let i = 0; i < text.length; i++) view.setUint16(2 * i, text.charCodeAt(i), littleEndian);
  return out;
}

/** Letters without their accents: Müller → Muller. */
const unaccented = (text: string): string => text.normalize('NFD').replace(/\p{M}+/gu, '');

export class SoughtValues {
  readonly index: NeedleIndex<Sought>;
  private readonly seen = new Set<string>();

  /** `base`: values that are sought as well; nothing may be added to it any more. */
  constructor(
    private readonly encode: Encoder,
    private readonly base?: SoughtValues,
  ) {
    this.index = new NeedleIndex(base?.index);
  }

  private isKnown(text: string): boolean {
    return this.seen.has(text) || this.base?.seen.has(text) === true;
  }

  /** Everything of the identity: whole values, names' words, dates as people write them. */
  addIdentity(identity: IdentityFacts): void {
    for (const name of identity.names) this.addName(name);
    // Four digits are a year, a size, a code: everywhere.
    for (const id of identity.ids) if (!/^\d{1,4}$/.test(id.trim())) this.add(id, 'id');
    for (const text of identity.texts) this.add(text, 'text');
    for (const name of identity.pathNames) {
      const stem = name.replace(/\.[A-Za-z0-9]{1,4}$/, '');
      this.add(stem, 'path');
      for (const word of stem.split(/[\s_^,;+]+/)) if (/\p{L}{4}|\d{5}/u.test(word)) this.add(word, 'path-word');
    }
    for (const date of identity.dates) this.addDate(date);
  }

  /** A person's name: whole, by component group, by word, and in the orders that people write it. */
  addName(name: string): void {
    if (this.isKnown(name)) return;
    this.add(name, 'name');
    for (const group of name.split('=')) {
      this.add(group, 'name');
      const words = group.split(/[\^\s,]+/).filter((w) => w !== '');
      for (const word of words) this.add(word, 'name-part');
      if (words.length > 1) {
        this.add(words.join(' '), 'name');
        this.add([...words.slice(1), words[0]].join(' '), 'name');
        this.add(words.join(''), 'name');
      }
    }
  }

  private addDate(date: string): void {
    const [, year, month, day] = /^(\d{4})(\d\d)(\d\d)/.exec(date) ?? [];
    if (year === undefined || month === undefined || day === undefined) return;
    this.add(`${year}${month}${day}`, 'date');
    for (const s of ['-', '.', '/', ' ']) {
      this.add([year, month, day].join(s), 'date');
      this.add([day, month, year].join(s), 'date');
      this.add([month, day, year].join(s), 'date');
    }
    this.add(`${day}${month}${year}`, 'date');
  }

  /** A value that the plan removes or changes. Of a long text its beginning. */
  addOriginal(value: string): void {
    if (this.isKnown(value)) return;
    const text = value.length > longestOriginal ? value.slice(0, longestOriginal) : value;
    const first = text.charCodeAt(0);
    if (first >= 48 && first <= 50 && text.length >= 10 && /^[012](\.\d+)+$/.test(text)) {
      if (isRegisteredUid(text)) this.seen.add(text);
      else this.add(text, 'uid');
    }
    // Short numbers, times and lone dates are everywhere; the plan's own check proves that they were changed.
    else if (text.length >= shortestOriginal && /[^\d.+\-:\s]/.test(text)) this.add(text, 'original');
  }

  private add(value: string, kind: NeedleKind): void {
    const text = value.trim();
    if (text.length < 2 || this.isKnown(text)) return;
    this.seen.add(text);
    const ascii = isAscii(text);
    if ((ascii ? text.length : weight(text)) < shortestNeedle) return;
    const wordOnly = text.length < 8 || kind === 'uid' || /^[\d\s.\-/:]+$/.test(text);
    const sought: Sought = { kind, wordOnly, text };
    if (ascii) {
      this.index.add(asciiBytes(text), sought);
      return;
    }
    const spellings = new Set([
      text,
      text.toUpperCase(),
      text.toLowerCase(),
      text.normalize('NFD'),
      text.normalize('NFC'),
    ]);
    const plain = unaccented(text);
    if (plain !== text && isAscii(plain) && plain.length >= shortestNeedle) {
      this.index.add(utf8.encode(plain), { ...sought, wordOnly: true });
    }
    for (const spelling of spellings) {
      this.index.add(utf8.encode(spelling), sought);
      this.index.add(utf16(spelling, true), sought);
      this.index.add(utf16(spelling, false), sought);
      for (const bytes of this.encode(spelling)) this.index.add(bytes.slice(), sought);
    }
  }
}
