/**
 * Whether the policy `auto` looks for text in an Instance. Fails closed: only cross-sectional images straight from the
 * scanner, without any sign of text, are left out.
 */

/** Header values that decide; '' or absent where the header has none. */
export interface RiskFacts {
  readonly sopClass: string;
  readonly modality: string;
  /** (0008,0008), all values. */
  readonly imageType: readonly string[];
  /** (0028,0301) */
  readonly burnedIn: string;
  readonly samplesPerPixel: number;
  readonly photometric: string;
  /** (0028,0302) */
  readonly recognizableVisualFeatures?: string;
  /** (0008,0064) */
  readonly conversionType?: string;
  readonly bitsAllocated?: number;
  /** An overlay is embedded in unused bits of the pixel cells. */
  readonly embeddedOverlay?: boolean;
  /** No DICOM: PNG, TIFF, a NIfTI volume. */
  readonly plainImage?: boolean;
}

/**
 * 'plain-image' | 'burned-in-yes' | 'capture' | 'modality' | 'sop-class' | 'colour' | 'derived' | 'eight-bit' |
 * 'image-type' | 'no-pixels' | 'original-slice'
 */
export interface PixelRisk {
  readonly check: boolean;
  readonly reason: string;
}

const ct = '1.2.840.10008.5.1.4.1.1.2';
const mr = '1.2.840.10008.5.1.4.1.1.4';
/** Volumes of slices as the scanner reconstructs them, with the modality that must go with them. */
const slices: Readonly<Record<string, readonly string[]>> = {
  [ct]: ['CT'],
  [`${ct}.1`]: ['CT'],
  [mr]: ['MR'],
  [`${mr}.1`]: ['MR'],
  '1.2.840.10008.5.1.4.1.1.128': ['PT'],
  '1.2.840.10008.5.1.4.1.1.130': ['PT'],
};
/** Pixels that are labels, parameters or doses: no console writes into them. */
const maps = new Set([
  '1.2.840.10008.5.1.4.1.1.66.4',
  '1.2.840.10008.5.1.4.1.1.66.7',
  '1.2.840.10008.5.1.4.1.1.30',
  '1.2.840.10008.5.1.4.1.1.481.2',
]);
/** Words in Image Type that stand for screens, reports and renderings. */
const suspicious =
  /SCREEN|CAPTURE|SAVE|REPORT|DOSE|PROTOCOL|SUMMARY|SECONDARY|RENDER|3D|VRT|SSD|MIP|MPR|REFORMAT|COLOR|RGB|TABLE|GRAPH|PLOT|PHOTO|ANNOT|LOCALIZER|SCOUT|POSDISP|OVERLAY|BURN|PASTED|PRINT|COMPOS/i;

export function pixelRisk(facts: RiskFacts): PixelRisk {
  const look = (reason: string): PixelRisk => ({ check: true, reason });
  if (facts.plainImage === true) return look('plain-image');
  if (facts.burnedIn.trim().toUpperCase() === 'YES') return look('burned-in-yes');
  if (facts.embeddedOverlay === true) return look('embedded-overlay');
  if (facts.conversionType && facts.conversionType.trim() !== '') return look('capture');
  if (/^1\.2\.840\.10008\.5\.1\.4\.1\.1\.7(\.|$)/.test(facts.sopClass)) return look('capture');
  if (maps.has(facts.sopClass) && facts.samplesPerPixel === 1) return { check: false, reason: 'label-or-dose-map' };
  const modalities = slices[facts.sopClass];
  if (!modalities) return look('sop-class');
  if (!modalities.includes(facts.modality.trim().toUpperCase())) return look('modality');
  if (facts.samplesPerPixel !== 1 || !/^MONOCHROME[12]$/.test(facts.photometric)) return look('colour');
  if (facts.bitsAllocated !== undefined && facts.bitsAllocated <= 8) return look('eight-bit');
  const [origin = '', kind = ''] = facts.imageType.map((value) => value.trim().toUpperCase());
  if (origin !== 'ORIGINAL' || kind !== 'PRIMARY') return look('derived');
  if (facts.imageType.some((value) => suspicious.test(value))) return look('image-type');
  return { check: false, reason: 'original-slice' };
}
