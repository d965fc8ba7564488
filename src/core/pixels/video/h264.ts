import { cutStream, type ByteStream, type NalReader } from './byte-stream';

const SLICE = 1;
const IDR = 5;
const SEQUENCE_PARAMETERS = 7;
/** Supplementary information, sequence and picture parameters, delimiter (7.4.1.2.3). */
const beginsUnit = (type: number): boolean => type >= 6 && type <= 9;

const reader: NalReader = {
  facts(bytes, { payload }) {
    const header = bytes[payload] ?? 0x80;
    if ((header & 0x80) !== 0) return null;
    const type = header & 0x1f;
    const slice = type === SLICE || type === IDR;
    return {
      slice,
      // first_mb_in_slice is 0, a single one bit, in the first slice of a picture.
      begins: beginsUnit(type) || (slice && ((bytes[payload + 1] ?? 0) & 0x80) !== 0),
      key: type === IDR,
      parameters: type === SEQUENCE_PARAMETERS,
      leading: false,
      joint: false,
    };
  },
  codec(bytes, { payload }) {
    const profile = bytes.subarray(payload + 1, payload + 4);
    if (profile.length < 3) return null;
    return `avc1.${Array.from(profile, (b) => b.toString(16).padStart(2, '0')).join('')}`;
  },
};

/** H.264 as PS3.5 8.2.7 has it in the fragments: a byte stream (ITU-T H.264 Annex B), one access unit a frame. */
export const h264Stream = (bytes: Uint8Array): ByteStream | null => cutStream(bytes, reader);
