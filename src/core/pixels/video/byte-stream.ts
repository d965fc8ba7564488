/** Byte streams of NAL units (Annex B of ITU-T H.264 and H.265), cut into frames: what both codecs share. */

/** What one frame is coded in. */
export interface AccessUnit {
  readonly start: number;
  readonly end: number;
  /** Frames from here on need none before. */
  readonly key: boolean;
  /** It brings the parameters of the sequence along. */
  readonly parameters: boolean;
  /** It is shown before the key frame that it follows and needs the frames before that one: not to be had when decoding begins there. */
  readonly leading: boolean;
  /** A key frame where two recordings were joined: the frames that lead it are lost. */
  readonly joint: boolean;
}

export interface ByteStream {
  /** As RFC 6381 names it: 'avc1.640028', 'hev1.1.6.L93.90'. */
  readonly codec: string;
  readonly units: readonly AccessUnit[];
  /** Length of what stands before the first picture: the parameters that key frames without their own need before them. */
  readonly head: number;
}

export interface Nal {
  /** Of the start code. */
  readonly at: number;
  /** Of the first byte behind it. */
  readonly payload: number;
}

/** What a NAL unit means for where frames begin and end. */
export interface NalFacts {
  /** A coded part of a picture. */
  readonly slice: boolean;
  /** Behind a slice it begins the next frame. */
  readonly begins: boolean;
  readonly key: boolean;
  readonly parameters: boolean;
  readonly leading: boolean;
  readonly joint: boolean;
}

export interface NalReader {
  /** null: no such unit can be. */
  facts(bytes: Uint8Array, nal: Nal): NalFacts | null;
  /** Name of the codec, from a unit with the parameters of the sequence; null: it is damaged. */
  codec(bytes: Uint8Array, nal: Nal): string | null;
}

const noUnit = { key: false, parameters: false, leading: false, joint: false };

/** The frames of a stream in the order in which they are decoded; null when it is none: a container, another codec, no key frame first. */
export function cutStream(bytes: Uint8Array, reader: NalReader): ByteStream | null {
  const units: AccessUnit[] = [];
  let codec: string | null = null;
  let start = 0;
  let head = 0;
  let sliced = false;
  let unit = noUnit;
  const first = nextNal(bytes, 0);
  // Nothing but zeros may stand before the first start code.
  if (first === null || bytes.subarray(0, first.at).some((b) => b !== 0)) return null;
  for (let nal: Nal | null = first; nal !== null; nal = nextNal(bytes, nal.payload)) {
    const facts = reader.facts(bytes, nal);
    if (facts === null) return null;
    if (sliced && facts.begins) {
      units.push({ start, end: nal.at, ...unit });
      start = nal.at;
      sliced = false;
      unit = noUnit;
    }
    if (facts.parameters) codec ??= reader.codec(bytes, nal);
    if (facts.slice && !sliced && units.length === 0) head = nal.at;
    sliced ||= facts.slice;
    unit = {
      key: unit.key || facts.key,
      parameters: unit.parameters || facts.parameters,
      leading: unit.leading || facts.leading,
      joint: unit.joint || facts.joint,
    };
  }
  if (sliced) units.push({ start, end: bytes.byteLength, ...unit });
  return codec !== null && units[0]?.key === true ? { codec, units: withoutLost(units), head } : null;
}

/** Frames that lead the very first key frame, or one at a joint, need what is not there: nobody shows them. */
function withoutLost(units: readonly AccessUnit[]): readonly AccessUnit[] {
  let lost = true;
  return units.filter((unit, i) => {
    if (unit.key) lost = i === 0 || unit.joint;
    return !(unit.leading && lost);
  });
}

function nextNal(bytes: Uint8Array, from: number): Nal | null {
  for (let at = bytes.indexOf(1, from + 2); at >= 0; at = bytes.indexOf(1, at + 1)) {
    if (bytes[at - 1] !== 0 || bytes[at - 2] !== 0) continue;
    return { at: bytes[at - 3] === 0 && at - 3 >= from ? at - 3 : at - 2, payload: at + 1 };
  }
  return null;
}

/** How a frame is come by. */
export interface Way {
  /** Number of the frame in `units` at which decoding begins. */
  readonly key: number;
  readonly units: readonly AccessUnit[];
  /** Which of the frames that come out it is, in the order in which they are shown. */
  readonly index: number;
}

/** The shortest way to frame `index` of a stream, counted as frames are shown. */
export function wayTo({ units }: ByteStream, index: number): Way {
  const keyBehind = (at: number): number => {
    const next = units.findIndex((u, i) => i > at && u.key);
    return next < 0 ? units.length : next;
  };
  for (let key = Math.min(index, units.length - 1); key > 0; key--) {
    if (units[key]?.key !== true) continue;
    const end = keyBehind(key);
    const lost = units.slice(key, end).filter((u) => u.leading).length;
    // Those are shown before the key frame, and come by way of the one before.
    if (index - key < lost) continue;
    return {
      key,
      units: units.slice(key, keyBehind(end)).filter((u, i) => !u.leading || key + i >= end),
      index: index - key - lost,
    };
  }
  return { key: 0, units: units.slice(0, keyBehind(keyBehind(0))), index };
}
