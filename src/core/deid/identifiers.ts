/**
 * Keyed replacement of identifiers: UIDs, date shift, pseudonym. All are HMAC-SHA-256 under the project key, so they are the same
 * over files, sessions and machines that share the key, and cannot be found by trying out inputs without it.
 */
import { hmac } from '@noble/hashes/hmac.js';
import { sha256 } from '@noble/hashes/sha2.js';
import type { Profile } from './profile';

/** Bounded: a batch of many studies must not grow the worker without end. */
const maxCachedUids = 20_000;
const maxCachedDigests = 2_000;
const maxKeys = 4;

interface KeyState {
  readonly mac: ReturnType<typeof hmac.create>;
  readonly uids: Map<string, string>;
  /** Digests for shifts and pseudonyms: the same few patients come again and again. */
  readonly digests: Map<string, Uint8Array>;
}

const states = new Map<string, KeyState>();
const encoder = new TextEncoder();

function hexOf(bytes: Uint8Array): string {
  let text = '';
  for (const byte of bytes) text += byte.toString(16).padStart(2, '0');
  return text;
}

/** The state of the key object that was asked for last, with a copy that tells whether someone wrote another key into it. */
let recent: { readonly key: Uint8Array; readonly copy: Uint8Array; readonly state: KeyState } | undefined;

function isSame(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}

function stateOf(key: Uint8Array): KeyState {
  if (recent !== undefined && recent.key === key && isSame(recent.copy, key)) return recent.state;
  const state = stateOfBytes(key);
  recent = { key, copy: key.slice(), state };
  return state;
}

function stateOfBytes(key: Uint8Array): KeyState {
  const id = hexOf(key);
  let state = states.get(id);
  if (state === undefined) {
    if (states.size >= maxKeys) states.clear();
    state = { mac: hmac.create(sha256, key), uids: new Map(), digests: new Map() };
    states.set(id, state);
  }
  return state;
}

/** 32 bytes for a text under a purpose; purposes keep the UID map from saying anything about shifts or pseudonyms. */
function digest(state: KeyState, purpose: 'uid' | 'date' | 'pseudonym' | 'value', text: string): Uint8Array {
  const message = `${purpose}\0${text}`;
  const known = state.digests.get(message);
  if (known !== undefined) return known;
  const made = state.mac.clone().update(encoder.encode(message)).digest();
  // UIDs are kept as what they become.
  if (purpose !== 'uid') {
    if (state.digests.size >= maxCachedDigests) state.digests.clear();
    state.digests.set(message, made);
  }
  return made;
}

/** The first `count` bytes as an unsigned integer. */
function integer(bytes: Uint8Array, count: number): bigint {
  let value = 0n;
  for (let i = 0; i < count; i++) value = (value << 8n) | BigInt(bytes[i] ?? 0);
  return value;
}

/**
 * The replacement of a UID: '2.25.' and 128 bits in decimal (PS3.5 B.2), at most 44 characters. Trailing padding does not count.
 * It is for the caller to leave registered UIDs alone.
 */
export function remapUid(key: Uint8Array, uid: string): string {
  const state = stateOf(key);
  const trimmed = uid.replace(/[\0 ]+$/, '');
  const known = state.uids.get(trimmed);
  if (known !== undefined) return known;
  const mapped = `2.25.${integer(digest(state, 'uid', trimmed), 16).toString()}`;
  if (state.uids.size >= maxCachedUids) state.uids.clear();
  state.uids.set(trimmed, mapped);
  return mapped;
}

/** Shift of one patient's dates in days: whole, never 0, within the profile's range, a multiple of 7 where it asks for weeks. */
export function dateShift(key: Uint8Array, patientKey: string, profile: Pick<Profile, 'dates'>): number {
  const { shiftDays, wholeWeeks } = profile.dates;
  const step = wholeWeeks ? 7 : 1;
  const low = Math.ceil(shiftDays.min / step);
  const high = Math.floor(shiftDays.max / step);
  const zero = low <= 0 && high >= 0 ? 1 : 0;
  const count = high - low + 1 - zero;
  // A validated profile has at least one possible shift; a hand-made one without gets one step back rather than none.
  if (!(count > 0)) return -step;
  const pick = Number(integer(digest(stateOf(key), 'date', patientKey), 6) % BigInt(count));
  const steps = low + pick;
  return (zero === 1 && steps >= 0 ? steps + 1 : steps) * step;
}

/** Crockford's base 32: no letter that reads like a digit, none that spells a word by chance with I, L, O, U. */
const base32 = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

function code(bytes: Uint8Array, length: number): string {
  let value = integer(bytes, 16);
  let text = '';
  for (let i = 0; i < length; i++) {
    text += base32.charAt(Number(value & 31n));
    value >>= 5n;
  }
  return text;
}

/**
 * The pseudonym of a patient by the profile's pattern: '{h}' becomes 12 characters (60 bits) of the keyed hash. '{n}' is a
 * running number that only a batch can give (`DeidContext.pseudonym`); without one it becomes the hash as well, so that two
 * patients never share a pseudonym.
 */
export function pseudonym(key: Uint8Array, patientKey: string, profile: Pick<Profile, 'patient'>): string {
  const hash = code(digest(stateOf(key), 'pseudonym', patientKey), 12);
  const pattern = profile.patient.pseudonym;
  const named = /\{[hn]\}/.test(pattern) ? pattern : `${pattern}{h}`;
  return named.replaceAll('{h}', hash).replaceAll('{n}', hash).slice(0, 64);
}

/** A short keyed code for any other identifier that has to stay linked: the same text gives the same code. */
export function keyedCode(key: Uint8Array, text: string, length = 10): string {
  return code(digest(stateOf(key), 'value', text), length);
}
