/** Makes value fields (PS3.5 6.2), padded to even length, for elements that are written anew. */
import { defaultCharacterSet, type CharacterSet } from './character-sets';
import type { Encoding } from './data-set';
import { paddingOf, usesCharacterSet } from './vr';

/** Pads a value field to even length as its VR asks. */
export function padded(bytes: Uint8Array, vr: string): Uint8Array {
  if ((bytes.byteLength & 1) === 0) return bytes;
  const even = new Uint8Array(bytes.byteLength + 1);
  even.set(bytes);
  even[bytes.byteLength] = paddingOf(vr);
  return even;
}

/**
 * The value field of a text VR; several values are joined by the caller with a backslash. `charset` is that of the data set that
 * takes the element in, `original` the field that the text was made from (see CharacterSet.encode). Characters that the set lacks
 * become '?'.
 */
export function textField(text: string, vr: string, charset?: CharacterSet, original?: Uint8Array): Uint8Array {
  const set = usesCharacterSet(vr) ? (charset ?? defaultCharacterSet) : defaultCharacterSet;
  return padded(set.encode(text, original).bytes, vr);
}

/** The value field of a binary number VR (US, SS, UL, SL, FL, FD, AT, UV, SV) in the byte order of the data set. */
export function numberField(numbers: readonly number[], vr: string, encoding: Encoding): Uint8Array {
  const unit = vr === 'US' || vr === 'SS' ? 2 : vr === 'FD' || vr === 'UV' || vr === 'SV' ? 8 : 4;
  const bytes = new Uint8Array(numbers.length * unit);
  const view = new DataView(bytes.buffer);
  const little = encoding.littleEndian;
  numbers.forEach((n, i) => {
    const at = i * unit;
    if (vr === 'AT') {
      view.setUint16(at, n >>> 16, little);
      view.setUint16(at + 2, n & 0xffff, little);
    } else if (vr === 'US') view.setUint16(at, n, little);
    else if (vr === 'SS') view.setInt16(at, n, little);
    else if (vr === 'SL') view.setInt32(at, n, little);
    else if (vr === 'FL') view.setFloat32(at, n, little);
    else if (vr === 'FD') view.setFloat64(at, n, little);
    else if (vr === 'UV') view.setBigUint64(at, BigInt(n), little);
    else if (vr === 'SV') view.setBigInt64(at, BigInt(n), little);
    else view.setUint32(at, n, little);
  });
  return bytes;
}
