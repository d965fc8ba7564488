/** What the page shows of an input before anything is changed, and what decides whether its pixels are looked at. */
import { collectIdentity, identityFromPath } from '../deid/identity';
import type { IdentityFacts } from '../deid/context';
import { pixelRisk, type PixelRisk } from '../detect/pixel-risk';
import { findElement, groupOf, type DicomFile, type Tag } from '../dicom/data-set';
import { listedFiles } from '../dicom/fileset';
import { transferSyntax } from '../dicom/transfer-syntaxes';
import { uidInfo } from '../dicom/uids';
import { numberValues, stringValue, stringValues } from '../dicom/values';
import { grayscaleOf, pixelFacts } from '../pixels/facts';
import { hasOverlays } from '../pixels/overlays';
import type { Grayscale, PixelFacts } from '../pixels/types';
import type { Opened, OpenedDicom, OpenedRaster } from './open';
import { codedModality } from './batch/modality';
import { batchFacts, instanceKey, type BatchFacts } from './batch/types';
import type { InstanceSummary } from './types';

const SOP_INSTANCE = 0x00080018;
const STUDY = 0x0020000d;
const SERIES = 0x0020000e;

export function text(file: DicomFile, tag: Tag): string {
  const element = findElement(file.elements, tag);
  return element === undefined ? '' : stringValue(file, element).trim();
}

function texts(file: DicomFile, tag: Tag): readonly string[] {
  const element = findElement(file.elements, tag);
  return element === undefined ? [] : stringValues(file, element);
}

export function integer(file: DicomFile, tag: Tag): number | null {
  const element = findElement(file.elements, tag);
  const value = element === undefined ? undefined : numberValues(file, element)[0];
  return value === undefined || !Number.isFinite(value) ? null : Math.trunc(value);
}

export const sopClassOf = (file: DicomFile): string => text(file, 0x00080016);

/** Whether `auto` looks for text in this Instance. `facts` null: it has no pixels. */
export function riskOf(file: DicomFile, facts: PixelFacts | null): PixelRisk {
  if (facts === null) return { check: false, reason: 'no-pixels' };
  return pixelRisk({
    sopClass: sopClassOf(file),
    modality: text(file, 0x00080060),
    imageType: texts(file, 0x00080008),
    burnedIn: text(file, 0x00280301),
    recognizableVisualFeatures: text(file, 0x00280302),
    conversionType: text(file, 0x00080064),
    samplesPerPixel: facts.samplesPerPixel,
    photometric: facts.photometric,
    bitsAllocated: facts.bitsAllocated,
    embeddedOverlay: hasEmbeddedOverlay(file),
  });
}

/** An overlay plane without data of its own lies in unused bits of the pixel cells (retired, PS3.3 C.9.2 of old). */
function hasEmbeddedOverlay(file: DicomFile): boolean {
  const groups = new Set(file.elements.filter((e) => isOverlayGroup(groupOf(e.tag))).map((e) => groupOf(e.tag)));
  return [...groups].some((group) => findElement(file.elements, group * 0x10000 + 0x3000) === undefined);
}

const isOverlayGroup = (group: number): boolean => (group & 0xff01) === 0x6000 && group <= 0x601e;

/** What a batch asks of an input: less than a person sees, since it is asked of thousands at a time. */
export function factsOf(opened: Opened): BatchFacts {
  if (opened.kind !== 'dicom') return batchFacts(summarize(opened));
  const { file, path } = opened;
  const identity = collectIdentity(file, path);
  const fileset = listedFiles(file);
  return {
    kind: 'dicom',
    patientKey: identity.patientKey,
    patient: { name: text(file, 0x00100010), id: text(file, 0x00100020) },
    instanceKey: instanceKey(keysOf(file, identity), text(file, SOP_INSTANCE)),
    identity,
    modality: codedModality(text(file, 0x00080060)),
    ...(fileset !== null && { fileset }),
  };
}

function keysOf(file: DicomFile, { patientKey }: IdentityFacts): { patient: string; study: string; series: string } {
  const study = text(file, STUDY);
  return { patient: patientKey, study: study || patientKey, series: text(file, SERIES) || study || patientKey };
}

export function summarize(opened: Opened): InstanceSummary {
  return opened.kind === 'dicom' ? summarizeDicom(opened) : summarizeRaster(opened);
}

/** Make and model, as the header gives them; '' where it does not. */
export const deviceOf = (file: DicomFile): InstanceSummary['device'] => ({
  manufacturer: text(file, 0x00080070),
  model: text(file, 0x00081090),
});

function summarizeDicom({ file, path, source }: OpenedDicom): InstanceSummary {
  const identity = collectIdentity(file, path);
  // Pixels that break their header are told when they are asked for; the header can still be shown.
  const facts = pixelFacts(file);
  const pixels = facts.ok ? facts.value : null;
  const sopClass = sopClassOf(file);
  const of = (tag: Tag): string => text(file, tag);
  const keys = keysOf(file, identity);
  const fileset = listedFiles(file);
  return {
    path,
    kind: 'dicom',
    extension: '.dcm',
    size: source.size,
    patient: {
      key: keys.patient,
      name: of(0x00100010),
      id: of(0x00100020),
      birthDate: of(0x00100030),
      sex: of(0x00100040),
    },
    study: {
      key: keys.study,
      date: of(0x00080020),
      time: of(0x00080030),
      description: of(0x00081030),
      accession: of(0x00080050),
    },
    series: {
      key: keys.series,
      number: integer(file, 0x00200011),
      modality: of(0x00080060),
      description: of(0x0008103e),
    },
    instance: {
      uid: of(SOP_INSTANCE),
      number: integer(file, 0x00200013),
      sopClass,
      sopClassName: uidInfo(sopClass)?.name ?? '',
    },
    device: deviceOf(file),
    transferSyntax: file.transferSyntax,
    transferSyntaxName: transferSyntax(file.transferSyntax)?.name ?? '',
    burnedIn: of(0x00280301),
    pixelRisk: facts.ok ? riskOf(file, pixels) : { check: true, reason: facts.code },
    pixels,
    overlays: pixels !== null && hasOverlays(file, pixels),
    grayscale: pixels === null ? null : grayscaleOf(file, pixels),
    identity,
    ...(fileset !== null && { fileset }),
    warnings: file.warnings.map((w) => w.code),
  };
}

function summarizeRaster({ kind, file, path, source }: OpenedRaster): InstanceSummary {
  const { width, height, samples, palette, bits, frames, lossy, sampleType = 'unsigned', colour = false } = file.facts;
  const identity: IdentityFacts = identityFromPath(path);
  const folder = path.split('/').slice(0, -1).join('/');
  const colours = colour || palette || (file.facts.colour === undefined && samples >= 3);
  // Grey PNGs of 1, 2 and 4 bits keep their few levels.
  const bitsStored = palette ? 8 : bits;
  return {
    path,
    kind,
    extension: file.extension,
    size: source.size,
    patient: { key: identity.patientKey, name: '', id: '', birthDate: '', sex: '' },
    study: { key: `folder:${folder}`, date: '', time: '', description: folder, accession: '' },
    series: { key: `folder:${folder}`, number: null, modality: '', description: '' },
    instance: {
      uid: '',
      number: null,
      sopClass: '',
      sopClassName: kind === 'nifti' ? `${file.name} volume` : `${file.name} image`,
    },
    device: { manufacturer: '', model: '' },
    transferSyntax: '',
    transferSyntaxName: file.name,
    burnedIn: '',
    pixelRisk: { check: true, reason: 'plain-image' },
    pixels: {
      rows: height,
      columns: width,
      frames,
      samplesPerPixel: colours ? 3 : 1,
      photometric: colours ? 'RGB' : 'MONOCHROME2',
      planarConfiguration: 0,
      bitsAllocated: bits > 32 ? 64 : bits > 16 ? 32 : bits > 8 ? 16 : 8,
      bitsStored,
      highBit: bitsStored - 1,
      signed: sampleType === 'signed',
      sampleType: sampleType !== 'float' ? 'integer' : bits > 32 ? 'double' : 'float',
      transferSyntax: '',
      lossy,
    },
    overlays: false,
    grayscale: colours ? null : plainGrayscale(bitsStored),
    identity,
    warnings: [],
  };
}

/** Of an image without a header: its values are grey levels already. */
export function plainGrayscale(bits: number): Grayscale {
  const levels = 2 ** bits;
  return {
    slope: 1,
    intercept: 0,
    windows: [{ center: levels / 2, width: levels }],
    function: 'LINEAR',
    inverted: false,
  };
}
