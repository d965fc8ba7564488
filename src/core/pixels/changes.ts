import type { NewElement } from '../deid/plan';
import type { DicomFile } from '../dicom/data-set';
import { Attributes } from './attributes';
import { extremes } from './display';
import type { PixelFacts, SampleArray } from './types';

const SMALLEST = 0x00280106;
const LARGEST = 0x00280107;
const BURNED_IN = 0x00280301;
const PHOTOMETRIC = 0x00280004;
const ICON = 0x00880200;

/** Extremes over the frames that were decoded while writing; true for the image only when that were all. */
export class ValueRange {
  private min = Infinity;
  private max = -Infinity;
  private counted = 0;

  constructor(private readonly frames: number) {}

  add(data: SampleArray): void {
    const { min, max } = extremes(data);
    this.min = Math.min(this.min, min);
    this.max = Math.max(this.max, max);
    this.counted++;
  }

  get whole(): { min: number; max: number } | null {
    return this.counted === this.frames && this.min <= this.max ? { min: this.min, max: this.max } : null;
  }
}

function codeString(tag: number, value: string): NewElement {
  const padded = value.length % 2 === 0 ? value : `${value} `;
  return { tag, vr: 'CS', value: Uint8Array.from(padded, (c) => c.charCodeAt(0)) };
}

/**
 * What the header must say after the pixels changed: (0028,0301) NO, Smallest and Largest Image Pixel Value where the file has
 * them (exact, or removed when not all frames were looked at), no icon image made of the old pixels.
 */
export function changesAfter(
  file: DicomFile,
  facts: PixelFacts,
  redacted: boolean,
  range: ValueRange,
  photometric?: string,
): { readonly changes: readonly NewElement[]; readonly removeTags: readonly number[] } {
  const changes: NewElement[] = [];
  const removeTags: number[] = [];
  if (!redacted) return { changes, removeTags };
  const attributes = new Attributes(file);
  changes.push(codeString(BURNED_IN, 'NO'));
  if (photometric !== undefined && photometric !== attributes.string(PHOTOMETRIC)) {
    changes.push(codeString(PHOTOMETRIC, photometric));
  }
  const { whole } = range;
  for (const [tag, value] of [
    [SMALLEST, whole?.min],
    [LARGEST, whole?.max],
  ] as const) {
    const element = attributes.element(tag);
    if (element === undefined || attributes.number(tag) === value) continue;
    const fits = facts.signed ? (v: number) => v >= -32768 && v <= 32767 : (v: number) => v >= 0 && v <= 65535;
    if (value === undefined || facts.samplesPerPixel > 1 || !Number.isInteger(value) || !fits(value)) {
      removeTags.push(tag);
      continue;
    }
    const bytes = new Uint8Array(2);
    new DataView(bytes.buffer).setUint16(0, value & 0xffff, file.encoding.littleEndian);
    changes.push({ tag, vr: facts.signed ? 'SS' : 'US', value: bytes });
  }
  if (attributes.has(ICON)) removeTags.push(ICON);
  return { changes, removeTags };
}
