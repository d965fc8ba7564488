/** What Lethe writes into every file by itself: file meta information, and the attributes that say what was done. */
import type { DicomElement, DicomFile } from '../dicom/data-set';
import { textField } from '../dicom/make-values';
import { basicProfileCode, profileOption } from './options';
import type { NewElement } from './plan';
import type { ProfileRules } from './profile-rules';
import type { Profile } from './profile';

/** Lethe's own (PS3.7 D.3.3.2); the version name is that of package.json, which a test holds together. */
export const implementationClassUid = '2.25.188691228279760300317760705458402661609';
export const implementationVersionName = 'LETHE_0_1_0';

const text = (tag: number, vr: string, value: string): NewElement => ({ tag, vr, value: textField(value, vr) });

/** The same in every file. */
const version: NewElement = { tag: 0x00020001, vr: 'OB', value: Uint8Array.of(0, 1) };
const own = [text(0x00020012, 'UI', implementationClassUid), text(0x00020013, 'SH', implementationVersionName)];

/** File meta information (PS3.10 7.1) made anew: no titles, no private information. Group length is the writer's. */
export function fileMeta(file: DicomFile, sopClass: string, sopInstance: string): NewElement[] {
  return [
    version,
    text(0x00020002, 'UI', sopClass),
    text(0x00020003, 'UI', sopInstance),
    text(0x00020010, 'UI', file.transferSyntax),
    ...own,
  ];
}

/** Codes of CID 7050 for the profile and its options; Clean Pixel Data only where the pixel policy is not off. */
export function methodCodes(profile: Profile): readonly { readonly code: string; readonly meaning: string }[] {
  const chosen = profile.options.filter((name) => name !== 'cleanPixelData' || profile.pixels.policy !== 'off');
  const codes = chosen.map((name) => profileOption(name)).filter((o) => o !== undefined);
  return [basicProfileCode, ...codes].sort((a, b) => a.code.localeCompare(b.code));
}

/** (0012,0062), (0012,0063), (0012,0064), (0028,0303) and, once text in the pixels was redacted, (0028,0301). */
export function methodAttributes(rules: ProfileRules, regionsRedacted: boolean): readonly NewElement[] {
  let known = methods.get(rules);
  if (known === undefined) methods.set(rules, (known = makeMethod(rules)));
  return regionsRedacted ? [...known, text(0x00280301, 'CS', 'NO')] : known;
}

/** The same for all files of a batch. */
const methods = new WeakMap<ProfileRules, readonly NewElement[]>();

function makeMethod(rules: ProfileRules): readonly NewElement[] {
  const { profile } = rules;
  const modified = { keep: 'UNMODIFIED', shift: 'MODIFIED', remove: 'REMOVED' }[rules.dates];
  const named = /^[A-Za-z0-9][A-Za-z0-9 ._-]{0,39}$/.test(profile.name) ? `\\Profile ${profile.name}` : '';
  return [
    text(0x00120062, 'CS', 'YES'),
    text(0x00120063, 'LO', `Lethe\\DICOM PS3.15 Annex E${named}`),
    {
      tag: 0x00120064,
      vr: 'SQ',
      items: methodCodes(profile).map(({ code, meaning }) => [
        text(0x00080100, 'SH', code),
        text(0x00080102, 'SH', 'DCM'),
        text(0x00080104, 'LO', meaning),
      ]),
    },
    text(0x00280303, 'CS', modified),
  ];
}

/** Whether an element of the data set has any value. */
export const hasValue = (element: DicomElement | undefined): element is DicomElement =>
  element !== undefined && element.valueEnd > element.valueStart;
