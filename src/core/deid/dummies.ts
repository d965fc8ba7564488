/** Dummy values (action D): valid for the VR, constant, plausible, and the same for every file, so that they say nothing. */

/** Text that stands for a value that was there. */
export const dummyText = 'ANONYMIZED';

const byVr: Readonly<Record<string, string>> = {
  AE: dummyText,
  AS: '030Y',
  CS: dummyText,
  DA: '20000101',
  DS: '0',
  DT: '20000101000000',
  IS: '0',
  LO: dummyText,
  LT: dummyText,
  PN: dummyText,
  SH: dummyText,
  ST: dummyText,
  TM: '000000',
  UC: dummyText,
  UR: 'urn:anonymized',
  UT: dummyText,
};

/** Some attributes allow defined terms only; any other dummy would be an error. */
const byTag: Readonly<Record<number, string>> = {
  0x00100040: 'O',
  0x04000565: 'COERCE',
};

/** The dummy of a VR as text; undefined for binary VRs and sequences. UIDs are never dummies but mapped. */
export function dummyFor(tag: number, vr: string): string | undefined {
  return byTag[tag] ?? byVr[vr];
}

/** A dummy of as many zero bytes for binary VRs; even lengths stay valid for any word size. */
export function dummyBytes(length: number): Uint8Array {
  return new Uint8Array(Math.max(2, length + (length & 1)));
}

/** Longest value in characters by VR (PS3.5 6.2); absent: no limit that matters here. */
export const maxLength: Readonly<Record<string, number>> = {
  AE: 16,
  AS: 4,
  CS: 16,
  DS: 16,
  IS: 12,
  LO: 64,
  LT: 10240,
  PN: 64,
  SH: 16,
  ST: 1024,
  UI: 64,
};
