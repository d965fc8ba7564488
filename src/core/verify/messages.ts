/**
 * Everything that the gate can say, as a closed list: the compiler refuses a check that says something else, and a language
 * that leaves something out. None of it holds a value from a file.
 */

/** Sentences by their code. */
export const findingSentences = {
  'frame-cant-decoded-again': 'A frame can’t be decoded again.',
  'frame-cant-read-again': 'A frame can’t be read again.',
  'marked-region-unchanged': 'A marked region is unchanged.',
  'private-attribute-output': 'A private attribute is still in the output.',
  'sequence-has-not-as-many-items': 'A sequence has not as many items as planned.',
  'added-element-does-not-hold-planned': 'An added element does not hold its planned value.',
  'added-item-has-not-planned-elements': 'An added item has not the planned elements.',
  'added-sequence-has-not-planned-items': 'An added sequence has not the planned items.',
  'attribute-must-have-value-empty-now': 'An attribute that must have a value is empty now.',
  'attribute-basic-profile-empties-or-replaces':
    'An attribute that the Basic Profile empties or replaces still holds its old value.',
  'attribute-basic-profile-removes-output': 'An attribute that the Basic Profile removes is still in the output.',
  'attribute-kind-object-must-have-lost': 'An attribute that this kind of object must have was lost.',
  'element-does-not-hold-planned-value': 'An element does not hold its planned value.',
  'element-should-stay-as-has-changed': 'An element that should stay as it was has changed.',
  'element-plan-adds-not-output': 'An element that the plan adds is not in the output.',
  'element-plan-keeps-or-adds-not': 'An element that the plan keeps or adds is not in the output.',
  'identifying-value-output-outside-pixels': 'An identifying value is in the output, outside its pixels.',
  'marked-regions-were-not-redacted': 'Marked regions were not redacted.',
  'pixels-outside-redacted-regions-changed': 'Pixels outside the redacted regions changed.',
  'regions-are-marked-but-object-has': 'Regions are marked, but the object has no pixel data.',
  'text-redacted-but-header-does-not': 'Text was redacted, but the header does not say that the image is free of it.',
  'file-meta-information-does-not-agree': 'The file meta information does not agree with the data set.',
  'file-meta-information-holds-element-plan': 'The file meta information holds an element that the plan does not.',
  'file-meta-information-holds-more-than': 'The file meta information holds more than it needs.',
  'file-meta-information-lacks-planned-element': 'The file meta information lacks a planned element.',
  'header-says-text-burned-into-image': 'The header says that text is burned into the image, but none was found.',
  'image-has-another-kind-pixels-than': 'The image has another kind of pixels than before.',
  'name-output-could-lead-out-folder':
    'The name of the output could lead out of its folder, or is not valid everywhere.',
  'name-output-holds-identifying-value': 'The name of the output holds an identifying value.',
  'output-cant-read-back-last-byte': 'The output can’t be read back to its last byte.',
  'output-does-not-begin-as-dicom': 'The output does not begin as a DICOM file.',
  'output-does-not-say-how-identity': 'The output does not say how identity was removed.',
  'output-does-not-say-identity-removed': 'The output does not say that identity was removed.',
  'output-has-no-sop-class-uid': 'The output has no SOP Class UID: nobody could say what it is.',
  'output-holds-element-plan-does-not': 'The output holds an element that the plan does not.',
  'output-holds-something-besides-pixels': 'The output still holds something besides its pixels.',
  'pixel-data-changed-though-nobody-touched': 'The pixel data changed, though nobody touched it.',
  'pixel-data-changed': 'The pixel data changed.',
  'pixel-data-lost': 'The pixel data was lost.',
  'plan-does-not-decide-about-every': 'The plan does not decide about every element here.',
  'plan-treats-pixel-data-as-sequence': 'The plan treats pixel data as a sequence.',
  'preamble-not-empty': 'The preamble is not empty.',
  'redacted-image-cant-decoded-again': 'The redacted image can’t be decoded again.',
  'redacted-pixel-data-cant-read-again': 'The redacted pixel data can’t be read again.',
  'redacted-pixel-data-has-another-shape': 'The redacted pixel data has another shape than before.',
  'transfer-syntax-not-as-data-set': 'The transfer syntax is not as the data set is written.',
  'vault-missing': 'The encrypted originals that the profile asks for are not in the output.',
  'vault-unasked': 'The output holds encrypted originals that the profile does not ask for.',
  'vault-not-as-asked': 'The encrypted originals are not encrypted for exactly those whom the profile names.',
  'vault-holds-more': 'The encrypted originals hold something besides the encrypted message.',
  'signature-missing': 'The digital signature that was asked for is not in the output.',
  'signature-unasked': 'The output holds a digital signature that nobody asked for.',
  'signature-by-another': 'The digital signature is by somebody else than who signs.',
  'signature-holds-more': 'The digital signature holds more than a signature needs.',
  'signature-does-not-fit': 'The digital signature does not fit the output.',
  'word-text-stays-may-name': 'A word in text that stays may be a name.',
} as const;

/** What was found, as the subject of a sentence. */
export const findingSubjects = {
  name: 'A person’s name',
  id: 'An identifying number',
  date: 'A date of the patient',
  text: 'An identifying text',
  path: 'The name of the input’s file or folder',
  uid: 'A UID that was replaced',
  original: 'A value that was removed',
} as const;

export type FindingCode = keyof typeof findingSentences | 'left-in-output' | 'left-in-pixel-data';
export type FindingSubject = keyof typeof findingSubjects;
type SubjectWords = (typeof findingSubjects)[FindingSubject];

const stillThere = 'is still in the output.';
const inPixelData = 'is in the pixel data, outside the samples (a comment, a tail).';

export type FindingMessage =
  | (typeof findingSentences)[keyof typeof findingSentences]
  | `${SubjectWords} ${typeof stillThere}`
  | `${SubjectWords} ${typeof inPixelData}`;

/** The sentence about something identifying that is left in the header, or between the samples. */
export function leftMessage(subject: FindingSubject, place: 'output' | 'pixel-data'): FindingMessage {
  const words = findingSubjects[subject];
  return place === 'output' ? `${words} ${stillThere}` : `${words} ${inPixelData}`;
}

const codes = new Map<string, { readonly code: FindingCode; readonly subject?: FindingSubject }>();
for (const code of Object.keys(findingSentences) as (keyof typeof findingSentences)[]) {
  codes.set(findingSentences[code], { code });
}
for (const subject of Object.keys(findingSubjects) as FindingSubject[]) {
  codes.set(leftMessage(subject, 'output'), { code: 'left-in-output', subject });
  codes.set(leftMessage(subject, 'pixel-data'), { code: 'left-in-pixel-data', subject });
}

/** Code and subject of a finding's sentence, for those who say it in another language; undefined for any other text. */
export const findingCode = (
  message: string,
): { readonly code: FindingCode; readonly subject?: FindingSubject } | undefined => codes.get(message);
