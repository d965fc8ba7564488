import { cutStream, type ByteStream, type NalReader } from './byte-stream';

/** nal_unit_type (ITU-T H.265 table 7-1). */
const RASL = [8, 9];
const FIRST_KEY = 16;
const LAST_BROKEN_LINK = 18;
const LAST_KEY = 23;
const SEQUENCE_PARAMETERS = 33;

/** Delimiter, parameters, prefix information and what is reserved like them, in the base layer (7.4.2.4.4). */
const beginsUnit = (type: number): boolean =>
  (type >= 32 && type <= 35) || type === 39 || (type >= 41 && type <= 44) || (type >= 48 && type <= 55);

const reader: NalReader = {
  facts(bytes, { payload }) {
    const header = bytes[payload] ?? 0x80;
    const second = bytes[payload + 1] ?? 0;
    // forbidden_zero_bit; nuh_temporal_id_plus1 is never 0.
    if ((header & 0x80) !== 0 || (second & 7) === 0) return null;
    const type = header >> 1;
    const base = (header & 1) === 0 && second >> 3 === 0;
    const slice = base && type < 32;
    return {
      slice,
      // first_slice_segment_in_pic_flag
      begins: base && (beginsUnit(type) || (slice && ((bytes[payload + 2] ?? 0) & 0x80) !== 0)),
      key: slice && type >= FIRST_KEY && type <= LAST_KEY,
      parameters: base && type === SEQUENCE_PARAMETERS,
      leading: slice && RASL.includes(type),
      joint: slice && type >= FIRST_KEY && type <= LAST_BROKEN_LINK,
    };
  },
  codec(bytes, { payload }) {
    // Two bytes of header, one of identifiers, then profile, compatibility, constraints and level (7.3.3).
    const facts = unescaped(bytes.subarray(payload, payload + 32));
    if (facts.length < 15) return null;
    const [profile = 0, level = 0] = [facts[3], facts[14]];
    const compatible = facts.subarray(4, 8).reduce((value, byte) => value * 256 + byte, 0);
    let turned = 0;
    for (let i = 0; i < 32; i++) if (Math.floor(compatible / 2 ** (31 - i)) % 2 === 1) turned += 2 ** i;
    const constraints = Array.from(facts.subarray(8, 14), (b) => b.toString(16).toUpperCase());
    while (constraints.at(-1) === '0') constraints.pop();
    // ISO/IEC 14496-15 E.3
    return [
      'hev1',
      `${['', 'A', 'B', 'C'][profile >> 6] ?? ''}${profile & 31}`,
      turned.toString(16).toUpperCase(),
      `${(profile & 32) === 0 ? 'L' : 'H'}${level}`,
      ...constraints,
    ].join('.');
  },
};

/** Without the bytes that keep start codes out of a payload (7.4.2.1). */
function unescaped(bytes: Uint8Array): Uint8Array {
  return bytes.filter((byte, i) => !(byte === 3 && bytes[i - 1] === 0 && bytes[i - 2] === 0));
}

/** HEVC as PS3.5 8.2.8 has it in the fragments: a byte stream (ITU-T H.265 Annex B), one access unit a frame. */
export const hevcStream = (bytes: Uint8Array): ByteStream | null => cutStream(bytes, reader);
