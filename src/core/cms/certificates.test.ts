import { describe, expect, it } from 'vitest';
import { hasProgram, makeIdentity } from '../../../fixtures/crypto-readers';
import { readCertificate } from './certificates';
import { pemBlocks } from './pem';

describe.skipIf(!hasProgram('openssl'))('a certificate', () => {
  it('never makes its reader throw, whatever byte is changed', () => {
    const bytes = pemBlocks(makeIdentity('rsa', 'Trial Office').certificate)[0]?.bytes ?? new Uint8Array();
    expect(readCertificate(bytes)).toMatchObject({ ok: true, value: { name: 'Trial Office' } });
    const refused = new Set<string>();
    for (let at = 0; at < bytes.byteLength; at++) {
      // A bit less, and what makes another kind of value of it: BOOLEAN, INTEGER, NULL, UTCTime, SEQUENCE.
      for (const value of [(bytes[at] ?? 0) ^ 1, 0x01, 0x02, 0x05, 0x17, 0x30]) {
        const harmed = bytes.slice();
        harmed[at] = value;
        const read = readCertificate(harmed);
        if (!read.ok) refused.add(read.code);
      }
    }
    expect([...refused]).toEqual(['bad-certificate']);
  });
});
