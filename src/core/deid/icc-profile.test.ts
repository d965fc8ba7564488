import { describe, expect, it } from 'vitest';
import { wideProfile } from '../../../fixtures/make-icc';
import { defaultFacts, image } from '../../../fixtures/pixel-files';
import { joinParts, parsed } from '../../../fixtures/support';
import { writeDicom } from '../dicom/write';
import { cleanProfile } from '../icc';
import { collectIdentity } from './identity';
import { makePlan } from './make-plan';
import { basicProfile } from './profile';

const ICC_PROFILE = 0x00282000;

function deidentified(profile: Uint8Array): { readonly bytes: Buffer; readonly value: Buffer | undefined } {
  const { bytes, file } = image(defaultFacts, new Uint8Array(64), { extra: [[ICC_PROFILE, 'OB', profile]] });
  const context = { key: new Uint8Array(32).fill(7), identity: collectIdentity(file, 'a.dcm') };
  const out = joinParts(writeDicom(file, makePlan(file, basicProfile, context)), bytes);
  const written = parsed(out);
  const element = written.elements.find((e) => e.tag === ICC_PROFILE);
  const value = element && Buffer.from(written.bytes(element.valueStart, element.valueEnd));
  return { bytes: Buffer.from(out), value };
}

describe('ICC Profile (0028,2000)', () => {
  it('keeps the numbers that colours need, and no word', () => {
    const { bytes, value } = deidentified(wideProfile());
    expect(value?.equals(Buffer.from(cleanProfile(wideProfile()) ?? []))).toBe(true);
    expect(bytes.includes('Planted')).toBe(false);
    expect(deidentified(value ?? Buffer.alloc(0)).value?.equals(value ?? Buffer.alloc(0))).toBe(true);
  });

  it('goes when it is damaged', () => {
    const { bytes, value } = deidentified(wideProfile().subarray(0, 300));
    expect(value).toBeUndefined();
    expect(bytes.includes('Planted')).toBe(false);
  });
});
