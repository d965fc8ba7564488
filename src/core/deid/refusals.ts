/** What is refused whatever the profile says, because it cannot be proven clean (deid.md). */
import type { DicomFile } from '../dicom/data-set';
import { findElement } from '../dicom/data-set';
import { DIRECTORY_CLASS as DICOMDIR } from '../dicom/fileset';
import { stringValues, uidValue } from '../dicom/values';
import { fail, type Failure } from '../result';
import type { Profile } from './profile';

const MEDIA_STORAGE_SOP_CLASS = 0x00020002;
const SOP_CLASS = 0x00080016;
const IMAGE_TYPE = 0x00080008;
const ENCAPSULATED_DOCUMENT = 0x00420011;
const DIRECTORY_RECORDS = 0x00041220;

const WSI = '1.2.840.10008.5.1.4.1.1.77.1.6';

/** PDF, CDA, STL, OBJ, MTL. */
const documents = /^1\.2\.840\.10008\.5\.1\.4\.1\.1\.104\.\d+$/;
/** Basic Voice Audio, General Audio, Real-Time Audio: a voice is a person. */
const voices: ReadonlySet<string> = new Set([
  '1.2.840.10008.5.1.4.1.1.9.4.1',
  '1.2.840.10008.5.1.4.1.1.9.4.2',
  '1.2.840.10008.10.3',
]);

/** SOP Class UID from the data set, else from file meta; '' when neither has one. */
export function sopClassOf(file: DicomFile): string {
  return (
    uidValue(file, findElement(file.elements, SOP_CLASS)) ||
    uidValue(file, findElement(file.meta, MEDIA_STORAGE_SOP_CLASS))
  );
}

/**
 * The reason to refuse a parsed file, or null. Codes: 'dicomdir', 'encapsulated-document' (documents and voice recordings),
 * 'wsi-label' (label and overview images of slides), 'missing-sop-class'. No profile lets any of them through.
 */
export const refusalOf: (file: DicomFile, profile?: Profile) => Failure | null = (file) => {
  const mediaClass = uidValue(file, findElement(file.meta, MEDIA_STORAGE_SOP_CLASS));
  const sopClass = sopClassOf(file);
  if (mediaClass === DICOMDIR || sopClass === DICOMDIR || findElement(file.elements, DIRECTORY_RECORDS) !== undefined) {
    return fail(
      'dicomdir',
      'This is a DICOMDIR, an index that repeats names and IDs of patients. It is never copied; a new one can be made from what is exported.',
    );
  }
  if (sopClass === '') {
    return fail(
      'missing-sop-class',
      'This file does not say what kind of object it is (no SOP Class UID), so nobody can say what has to be removed from it.',
      '(0008,0016)',
    );
  }
  if (documents.test(sopClass) || findElement(file.elements, ENCAPSULATED_DOCUMENT) !== undefined) {
    return fail(
      'encapsulated-document',
      'This file holds a whole document (PDF, CDA or a model). A document can hold anything, so it is not exported.',
      '(0042,0011)',
    );
  }
  if (voices.has(sopClass)) {
    return fail(
      'encapsulated-document',
      'This file is a voice recording. A voice tells who speaks and what is said cannot be checked, so it is not exported.',
      '(5400,0100)',
    );
  }
  if (sopClass === WSI && isLabelOrOverview(file)) {
    return fail(
      'wsi-label',
      'This is the label or overview image of a slide. It usually shows the patient’s name or number, so it is not exported.',
      '(0008,0008)',
    );
  }
  return null;
};

/** The same, by its short name. */
export const refusal = refusalOf;

function isLabelOrOverview(file: DicomFile): boolean {
  const element = findElement(file.elements, IMAGE_TYPE);
  if (element === undefined) return false;
  const values = stringValues(file, element).map((v) => v.toUpperCase());
  return values.slice(2, 3).some((v) => v === 'LABEL' || v === 'OVERVIEW' || v === 'LOCALIZER');
}
