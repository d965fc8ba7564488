import { describe, expect, it } from 'vitest';
import { pixelRisk, type RiskFacts } from './pixel-risk';

const ct: RiskFacts = {
  sopClass: '1.2.840.10008.5.1.4.1.1.2',
  modality: 'CT',
  imageType: ['ORIGINAL', 'PRIMARY', 'AXIAL'],
  burnedIn: '',
  samplesPerPixel: 1,
  photometric: 'MONOCHROME2',
  bitsAllocated: 16,
};

describe('pixel risk', () => {
  it('leaves out an ordinary slice alone', () => {
    expect(pixelRisk(ct)).toEqual({ check: false, reason: 'original-slice' });
    expect(pixelRisk({ ...ct, burnedIn: 'NO' }).check).toBe(false);
  });

  it.each<[Partial<RiskFacts>, string]>([
    [{ burnedIn: 'YES' }, 'burned-in-yes'],
    [{ imageType: ['DERIVED', 'PRIMARY'] }, 'derived'],
    [{ imageType: ['ORIGINAL', 'SECONDARY'] }, 'derived'],
    [{ imageType: [] }, 'derived'],
    [{ imageType: ['ORIGINAL', 'PRIMARY', 'LOCALIZER'] }, 'image-type'],
    [{ modality: 'US' }, 'modality'],
    [{ modality: '' }, 'modality'],
    [{ samplesPerPixel: 3, photometric: 'RGB' }, 'colour'],
    [{ photometric: 'PALETTE COLOR' }, 'colour'],
    [{ bitsAllocated: 8 }, 'eight-bit'],
    [{ conversionType: 'WSD' }, 'capture'],
    [{ sopClass: '1.2.840.10008.5.1.4.1.1.7' }, 'capture'],
    [{ sopClass: '1.2.840.10008.5.1.4.1.1.7.2' }, 'capture'],
    [{ sopClass: '1.2.840.10008.5.1.4.1.1.6.1', modality: 'US' }, 'sop-class'],
    [{ sopClass: '1.2.3.private' }, 'sop-class'],
    [{ sopClass: '' }, 'sop-class'],
    [{ embeddedOverlay: true }, 'embedded-overlay'],
    [{ plainImage: true }, 'plain-image'],
  ])('looks at %o', (change, reason) => {
    expect(pixelRisk({ ...ct, ...change })).toEqual({ check: true, reason });
  });

  it('a burned-in NO does not clear anything that is suspicious otherwise', () => {
    expect(pixelRisk({ ...ct, burnedIn: 'NO', sopClass: '1.2.840.10008.5.1.4.1.1.6.1', modality: 'US' }).check).toBe(
      true,
    );
  });
});
