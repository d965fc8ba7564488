/**
 * Code tables of the coded character sets that DICOM names (PS3.3 C.12.1.1.2). The platform's TextDecoder knows them all for
 * reading; the tables for writing are made by turning its answers round, once, when first needed.
 */

/** Graphic sets with one byte a character in the upper half (G1), by registration number. */
const upperHalves: Readonly<Record<number, string>> = {
  101: 'iso-8859-2',
  109: 'iso-8859-3',
  110: 'iso-8859-4',
  144: 'iso-8859-5',
  127: 'iso-8859-6',
  126: 'iso-8859-7',
  138: 'iso-8859-8',
  148: 'windows-1254',
  166: 'windows-874',
  203: 'iso-8859-15',
};

const REPLACEMENT = '\ufffd';

/** A one-byte set: text of each of its 128 upper codes, and the way back. */
export interface UpperHalf {
  readonly decode: readonly string[];
  readonly encode: ReadonlyMap<string, number>;
}

const upper = new Map<number, UpperHalf>();

/** Codes 0x80 to 0xFF of a one-byte set by its ISO-IR number; 13 is the katakana half of JIS X 0201. */
export function upperHalf(registration: number): UpperHalf | undefined {
  const known = upper.get(registration);
  if (known !== undefined) return known;
  const decode = upperCodes(registration);
  if (decode === undefined) return undefined;
  const encode = new Map<string, number>();
  decode.forEach((text, i) => {
    if (text !== REPLACEMENT && !encode.has(text)) encode.set(text, 0x80 + i);
  });
  const table = { decode, encode };
  upper.set(registration, table);
  return table;
}

function upperCodes(registration: number): string[] | undefined {
  const all = Uint8Array.from({ length: 128 }, (_, i) => 0x80 + i);
  let graphic: string[];
  if (registration === 100) graphic = Array.from(all, (b) => String.fromCharCode(b));
  else if (registration === 13) {
    graphic = Array.from(all, (b) => (b >= 0xa1 && b <= 0xdf ? String.fromCharCode(0xff61 + b - 0xa1) : REPLACEMENT));
  } else {
    const label = upperHalves[registration];
    if (label === undefined) return undefined;
    graphic = Array.from(new TextDecoder(label).decode(all));
  }
  // 0x80 to 0x9F are control codes in all of them; the platform reads the ISO sets as the Windows sets that grew from them
  return graphic.map((text, i) => (i < 0x20 ? String.fromCharCode(0x80 + i) : text));
}

/** A two-byte set of 94 × 94 codes. Codes are given as two bytes without the high bit. */
export interface DoubleByte {
  /** Text of a run of code pairs, high bits set or not. */
  decode(pairs: Uint8Array): string;
  /** Character → code, 0x2121 to 0x7E7E. */
  readonly encode: ReadonlyMap<string, number>;
}

const doubles = new Map<number, DoubleByte>();

const doubleLabels: Readonly<Record<number, { label: string; prefix?: number }>> = {
  87: { label: 'euc-jp' }, // JIS X 0208
  159: { label: 'euc-jp', prefix: 0x8f }, // JIS X 0212: behind a single shift
  149: { label: 'euc-kr' }, // KS X 1001
  58: { label: 'gbk' }, // GB 2312
};

/** The two-byte set with this ISO-IR number: 87, 159, 149 or 58. */
export function doubleByte(registration: number): DoubleByte | undefined {
  const known = doubles.get(registration);
  if (known !== undefined) return known;
  const how = doubleLabels[registration];
  if (how === undefined) return undefined;
  const decoder = new TextDecoder(how.label);
  const unit = how.prefix === undefined ? 2 : 3;
  const decode = (pairs: Uint8Array): string => {
    const bytes = new Uint8Array((pairs.length >> 1) * unit);
    let at = 0;
    for (let i = 0; i + 1 < pairs.length; i += 2) {
      if (how.prefix !== undefined) bytes[at++] = how.prefix;
      bytes[at++] = (pairs[i] ?? 0) | 0x80;
      bytes[at++] = (pairs[i + 1] ?? 0) | 0x80;
    }
    return decoder.decode(bytes) + ((pairs.length & 1) === 1 ? REPLACEMENT : '');
  };
  let encode: Map<string, number> | undefined;
  const table: DoubleByte = {
    decode,
    get encode() {
      if (encode !== undefined) return encode;
      encode = new Map();
      for (let high = 0x21; high <= 0x7e; high++) {
        for (let low = 0x21; low <= 0x7e; low++) {
          const text = decode(Uint8Array.of(high, low));
          if (isOneCharacter(text) && !encode.has(text)) encode.set(text, (high << 8) | low);
        }
      }
      return encode;
    },
  };
  doubles.set(registration, table);
  return table;
}

function isOneCharacter(text: string): boolean {
  const code = text.codePointAt(0);
  return code !== undefined && text.length === (code > 0xffff ? 2 : 1) && text !== REPLACEMENT;
}

let gbkCodes: ReadonlyMap<string, number> | undefined;
let gbFourCodes: ReadonlyMap<string, number> | undefined;

/** Two-byte codes of GBK, which GB 18030 has as well: 0x8140 to 0xFEFE. */
function gbk(): ReadonlyMap<string, number> {
  if (gbkCodes !== undefined) return gbkCodes;
  const codes: number[] = [];
  for (let high = 0x81; high <= 0xfe; high++) {
    for (let low = 0x40; low <= 0xfe; low++) if (low !== 0x7f) codes.push((high << 8) | low);
  }
  gbkCodes = reverse(codes, 2);
  return gbkCodes;
}

/** Four-byte codes of GB 18030 for the basic plane: 0x81308130 to 0x8431A439. */
function gbFour(): ReadonlyMap<string, number> {
  if (gbFourCodes !== undefined) return gbFourCodes;
  const codes: number[] = [];
  for (let pointer = 0; pointer < 39420; pointer++) codes.push(fourByteCode(pointer));
  gbFourCodes = reverse(codes, 4);
  return gbFourCodes;
}

function fourByteCode(pointer: number): number {
  const d = 0x30 + (pointer % 10);
  const c = 0x81 + (Math.floor(pointer / 10) % 126);
  const b = 0x30 + (Math.floor(pointer / 1260) % 10);
  const a = 0x81 + Math.floor(pointer / 12600);
  return a * 0x1000000 + ((b << 16) | (c << 8) | d);
}

/** Decodes all codes in one go, a line each, and turns the answer round. */
function reverse(codes: readonly number[], width: number): Map<string, number> {
  const bytes = new Uint8Array(codes.length * (width + 1));
  let at = 0;
  for (const code of codes) {
    for (let shift = width - 1; shift >= 0; shift--) bytes[at++] = Math.floor(code / 256 ** shift) & 0xff;
    bytes[at++] = 0x0a;
  }
  const map = new Map<string, number>();
  new TextDecoder('gb18030')
    .decode(bytes)
    .split('\n')
    .forEach((text, i) => {
      const code = codes[i];
      if (code !== undefined && isOneCharacter(text) && !map.has(text)) map.set(text, code);
    });
  return map;
}

/** Bytes of one character in GB 18030, or in GBK when `four` is false; undefined when it has no code. */
export function gbBytes(character: string, four: boolean): readonly number[] | undefined {
  const point = character.codePointAt(0) ?? 0;
  if (point < 0x80) return [point];
  const two = gbk().get(character);
  if (two !== undefined) return [two >> 8, two & 0xff];
  if (!four) return undefined;
  const code = point > 0xffff ? fourByteCode(point - 0x10000 + 189000) : gbFour().get(character);
  return code === undefined
    ? undefined
    : [Math.floor(code / 0x1000000), (code >> 16) & 0xff, (code >> 8) & 0xff, code & 0xff];
}
