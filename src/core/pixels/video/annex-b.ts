/** H.264 as PS3.5 8.2.7 has it in the fragments: a byte stream (ITU-T H.264 Annex B), one access unit a frame. */

/** What one frame is coded in. */
export interface AccessUnit {
  readonly start: number;
  readonly end: number;
  /** Frames from here on need none before (an IDR picture). */
  readonly key: boolean;
  /** It brings the parameters of the sequence along. */
  readonly parameters: boolean;
}

export interface ByteStream {
  /** As RFC 6381 names it: 'avc1.640028'. */
  readonly codec: string;
  readonly units: readonly AccessUnit[];
  /** Length of what stands before the first picture: the parameters that key frames without their own need before them. */
  readonly head: number;
}

const SLICE = 1;
const IDR = 5;
const SEQUENCE_PARAMETERS = 7;
/** Supplementary information, sequence and picture parameters, delimiter: behind a slice they begin the next unit (7.4.1.2.3). */
const beginsUnit = (type: number): boolean => type >= 6 && type <= 9;

/** The access units of a stream; null when it is no H.264 byte stream: a container, another codec. */
export function accessUnits(bytes: Uint8Array): ByteStream | null {
  const units: AccessUnit[] = [];
  let codec = '';
  let start = 0;
  let sliced = false;
  let key = false;
  let parameters = false;
  let head = 0;
  const first = nextNal(bytes, 0);
  // Nothing but zeros may stand before the first start code.
  if (first === null || bytes.subarray(0, first.at).some((b) => b !== 0)) return null;
  for (let nal: Nal | null = first; nal !== null; nal = nextNal(bytes, nal.payload)) {
    const header = bytes[nal.payload] ?? 0x80;
    if ((header & 0x80) !== 0) return null;
    const type = header & 0x1f;
    const slice = type === SLICE || type === IDR;
    // first_mb_in_slice is 0, a single one bit, in the first slice of a picture.
    const begins = beginsUnit(type) || (slice && ((bytes[nal.payload + 1] ?? 0) & 0x80) !== 0);
    if (sliced && begins) {
      units.push({ start, end: nal.at, key, parameters });
      start = nal.at;
      sliced = key = parameters = false;
    }
    if (type === SEQUENCE_PARAMETERS && codec === '') {
      const profile = bytes.subarray(nal.payload + 1, nal.payload + 4);
      codec = `avc1.${Array.from(profile, (b) => b.toString(16).padStart(2, '0')).join('')}`;
    }
    if (slice && !sliced && units.length === 0) head = nal.at;
    parameters ||= type === SEQUENCE_PARAMETERS;
    sliced ||= slice;
    key ||= type === IDR;
  }
  if (sliced) units.push({ start, end: bytes.byteLength, key, parameters });
  return codec.length === 11 && units[0]?.key === true ? { codec, units, head } : null;
}

interface Nal {
  /** Of the start code. */
  readonly at: number;
  /** Of the first byte behind it. */
  readonly payload: number;
}

function nextNal(bytes: Uint8Array, from: number): Nal | null {
  for (let at = bytes.indexOf(1, from + 2); at >= 0; at = bytes.indexOf(1, at + 1)) {
    if (bytes[at - 1] !== 0 || bytes[at - 2] !== 0) continue;
    return { at: bytes[at - 3] === 0 && at - 3 >= from ? at - 3 : at - 2, payload: at + 1 };
  }
  return null;
}
