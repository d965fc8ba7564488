/** Specific Character Set (0008,0005): decoding and encoding of text values (PS3.5 6.1, PS3.3 C.12.1.1.2). */
import { gbBytes } from './code-tables';
import { decodeIso2022, encodeIso2022 } from './iso-2022';

export interface CharacterSet {
  /** Defined terms as understood, e.g. ['ISO 2022 IR 6', 'ISO 2022 IR 87']. Empty: the default repertoire. */
  readonly terms: readonly string[];
  /** False when a term is none that Lethe knows: text may then be read wrongly. */
  readonly known: boolean;
  /**
   * Decodes a value field as it is, delimiters and padding included; never fails: what has no meaning becomes U+FFFD.
   * `personName`: '^' and '=' end code extensions as well.
   */
  decode(bytes: Uint8Array, personName?: boolean): string;
  /**
   * Encodes text. Characters that the set lacks become '?', and `lossless` is false. `original` is the value that the text came
   * from: where nothing is declared, bytes above 0x7F are written as they had been read.
   */
  encode(text: string, original?: Uint8Array): { readonly bytes: Uint8Array; readonly lossless: boolean };
}

const utf8 = new TextDecoder('utf-8', { ignoreBOM: true });
const strictUtf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
const utf8Encoder = new TextEncoder();

const isAscii = (bytes: Uint8Array): boolean => {
  for (const byte of bytes) if (byte >= 0x80) return false;
  return true;
};

/** ASCII without escapes is the same in every set; almost all values are that. Eight at a time: this runs for every value there is. */
function plainText(bytes: Uint8Array): string | undefined {
  const { length } = bytes;
  if (length > 1024) return undefined;
  for (let i = 0; i < length; i++) {
    const byte = bytes[i] as number;
    if (byte >= 0x80 || byte === 0x1b) return undefined;
  }
  const b = (i: number): number => bytes[i] as number;
  const from = String.fromCharCode;
  let text = '';
  let i = 0;
  for (; i + 8 <= length; i += 8)
    text += from(b(i), b(i + 1), b(i + 2), b(i + 3), b(i + 4), b(i + 5), b(i + 6), b(i + 7));
  for (; i < length; i++) text += from(b(i));
  return text;
}

type Kind = { readonly kind: 'utf8' } | { readonly kind: 'gb'; readonly four: boolean } | IsoKind;
interface IsoKind {
  readonly kind: 'iso';
  readonly set: number;
  readonly extensions: boolean;
}

const isoSets = new Set([6, 13, 58, 87, 100, 101, 109, 110, 126, 127, 138, 144, 148, 149, 159, 166, 203]);

/** Terms that are no defined terms but mean one. */
const aliases: Readonly<Record<string, string>> = {
  'UTF-8': 'ISO_IR 192',
  UTF8: 'ISO_IR 192',
  LATIN1: 'ISO_IR 100',
  'US-ASCII': 'ISO_IR 6',
  ASCII: 'ISO_IR 6',
  GB2312: 'GBK',
  'ISO 2022 GBK': 'GBK',
  'ISO 2022 58': 'ISO 2022 IR 58',
  'GB 18030': 'GB18030',
};

const latinParts: Readonly<Record<string, number>> = {
  '1': 100, '2': 101, '3': 109, '4': 110, '5': 144, '6': 127, '7': 126, '8': 138, '9': 148, '11': 166, '15': 203,
}; // prettier-ignore

/** The meaning of one term; spelling slips that are seen in files ('ISO-IR 100', 'iso_ir_100', 'ISO-8859-1') are forgiven. */
function kindOf(term: string): Kind | undefined {
  const upper = term.toUpperCase();
  const name = aliases[upper] ?? upper;
  if (name === '') return { kind: 'iso', set: 6, extensions: false };
  if (name === 'GB18030') return { kind: 'gb', four: true };
  if (name === 'GBK') return { kind: 'gb', four: false };
  const latin = /^ISO[ _-]*8859[ _-]*(\d+)$/.exec(name)?.[1];
  const iso = /^ISO[ _-]*(2022)?[ _-]*IR[ _-]*(\d+)$/.exec(name);
  const set = latin === undefined ? Number(iso?.[2]) : (latinParts[latin] ?? NaN);
  if (set === 192) return { kind: 'utf8' };
  return isoSets.has(set) ? { kind: 'iso', set, extensions: iso?.[1] !== undefined } : undefined;
}

/** Whether a value of (0008,0005) is a term that means a character set; '' is one. */
export const isCharacterSetTerm = (term: string): boolean => kindOf(term.replace(/\0/g, '').trim()) !== undefined;

/** Nothing declared, or nothing that is known: ASCII; other bytes are UTF-8 where they are valid as that, else Latin-1. */
function undeclared(terms: readonly string[], known: boolean): CharacterSet {
  const isUtf8 = (bytes: Uint8Array): boolean => {
    try {
      strictUtf8.decode(bytes);
      return !isAscii(bytes);
    } catch {
      return false;
    }
  };
  return {
    terms,
    known,
    decode(bytes, personName = false) {
      const plain = plainText(bytes);
      if (plain !== undefined) return plain;
      if (!bytes.includes(0x1b) && isUtf8(bytes)) return utf8.decode(bytes);
      return decodeIso2022(bytes, 100, personName);
    },
    encode(text, original) {
      if (original !== undefined && isUtf8(original)) return { bytes: utf8Encoder.encode(text), lossless: true };
      if (original !== undefined && !isAscii(original)) return encodeIso2022(text, [100], false);
      return encodeIso2022(text, [6], false);
    },
  };
}

function utf8Set(terms: readonly string[]): CharacterSet {
  return {
    terms,
    known: true,
    decode: (bytes) => plainText(bytes) ?? utf8.decode(bytes),
    encode: (text) => ({ bytes: utf8Encoder.encode(text), lossless: true }),
  };
}

function gbSet(terms: readonly string[], four: boolean): CharacterSet {
  const decoder = new TextDecoder(four ? 'gb18030' : 'gbk');
  return {
    terms,
    known: true,
    decode: (bytes) => plainText(bytes) ?? decoder.decode(bytes),
    encode(text) {
      const out: number[] = [];
      let lossless = true;
      for (const character of text) {
        const code = gbBytes(character, four);
        if (code === undefined) lossless = false;
        out.push(...(code ?? [0x3f]));
      }
      return { bytes: Uint8Array.from(out), lossless };
    },
  };
}

function isoSet(terms: readonly string[], kinds: readonly IsoKind[], known: boolean): CharacterSet {
  const sets = kinds.map((k) => k.set);
  const initial = sets[0] ?? 6;
  const escapes = kinds.length > 1 || kinds.some((k) => k.extensions);
  return {
    terms,
    known,
    decode: (bytes, personName = false) => plainText(bytes) ?? decodeIso2022(bytes, initial, personName),
    encode: (text) => encodeIso2022(text, sets, escapes),
  };
}

const made = new Map<string, CharacterSet>();

/** The character set of the values of (0008,0005), in their order; no values: the default repertoire (ISO-IR 6). */
export function characterSet(terms: readonly string[]): CharacterSet {
  const trimmed = terms.map((t) => t.replace(/\0/g, '').trim());
  const key = trimmed.join('\\');
  const present = made.get(key);
  if (present !== undefined) return present;
  const set = make(trimmed);
  // hostile files may name any number of sets; only a few are worth remembering
  if (made.size < 64) made.set(key, set);
  return set;
}

function make(terms: readonly string[]): CharacterSet {
  if (terms.every((t) => t === '')) return undeclared([], true);
  const kinds = terms.map(kindOf);
  const [first] = kinds;
  // UTF-8, GB 18030 and GBK stand alone (PS3.3 C.12.1.1.2), whatever else is named
  const alone = kinds.find((k) => k !== undefined && k.kind !== 'iso');
  if (alone?.kind === 'utf8') return utf8Set(terms);
  if (alone?.kind === 'gb') return gbSet(terms, alone.four);
  const iso = kinds.filter((k) => k?.kind === 'iso');
  const known = iso.length === kinds.length;
  if (iso.length === 0) return undeclared(terms, false);
  if (iso.every((k) => k.set === 6)) return undeclared(terms, known);
  return isoSet(terms, first === undefined ? [{ kind: 'iso', set: 6, extensions: true }, ...iso] : iso, known);
}

export const defaultCharacterSet: CharacterSet = characterSet([]);
