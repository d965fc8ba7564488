/** Standard attributes that Table E.1-1 leaves alone although their value tells where a file comes from or holds anything at all. */
import type { Tag } from '../dicom/data-set';

/** Removed always: places where the original can be had, keys and signatures over it, documents, earlier encrypted identities. */
const removed: ReadonlySet<Tag> = new Set([
  0x00080001, // Length to End: wrong as soon as anything changes
  0x00080407, // Stored Instance Base URI
  0x00080408, // Folder Access URI
  0x00080409, // File Access URI
  0x0008040a, // Container File Type
  0x0008040b, // Filename in Container
  0x0008040c, // File Offset in Container
  0x0008041b, // Record Key
  0x0008041c, // Prior Record Key
  0x00081190, // Retrieve URL
  0x00287fe0, // Pixel Data Provider URL
  0x00404073, // Storage URL
  0x0040a992, // Uniform Resource Locator (Trial)
  0x0040e001, // HL7 Instance Identifier
  0x0040e010, // Retrieve URI
  0x00420010, // Document Title
  0x00686300, // HPGL Document
  0x0074100a, // Contact URI
  0x04000120, // Signature
  0x04000500, // Encrypted Attributes Sequence
  0x04000510, // Encrypted Content Transfer Syntax UID
  0x04000520, // Encrypted Content
  0x4ffe0001, // MAC Parameters Sequence: the signatures that it belongs to are removed
]);

export const isRemovedBeyondTable = (tag: Tag): boolean => removed.has(tag);

/** Identifiers of who issued an identifier: needed where they stand, and nobody's business. */
const dummies: ReadonlySet<Tag> = new Set([
  0x00400031, // Local Namespace Entity ID
  0x00400032, // Universal Entity ID
]);

export const isDummyBeyondTable = (tag: Tag): boolean => dummies.has(tag);

/** Attributes that decide what an object is and how it is shown, with terms that the standard defines for them. */
const terms: ReadonlyMap<Tag, ReadonlySet<string>> = new Map(
  (
    [
      [
        0x00080060,
        'AR ASMT AU BDUS BI BMD CFM CR CT CTPROTOCOL DG DMS DOC DX ECG EEG EMG EOG EPS ES FID GM HC HD IO IOL IVOCT IVUS KER KO LEN LS M3D MG MR NM OAM OCT OP OPM OPT OPTBSV OPTENF OPV OSS OT PA PLAN POS PR PT PX REG RESP RF RG RTDOSE RTIMAGE RTINTENT RTPLAN RTRAD RTRECORD RTSEGANN RTSTRUCT RWV SEG SM SMR SR SRF STAIN TEXTUREMAP TG US VA XA XAPROTOCOL XC AS CD CF CP CS DD DF DM DS EC FA FS LP MA MS OPR ST TH VF',
      ],
      [
        0x00280004,
        'MONOCHROME1 MONOCHROME2 RGB YBR_FULL YBR_FULL_422 YBR_PARTIAL_420 YBR_PARTIAL_422 YBR_ICT YBR_RCT XYB HSV ARGB CMYK',
      ],
      [
        0x0040a040,
        'CODE COMPOSITE CONTAINER DATE DATETIME IMAGE NUM PNAME SCOORD SCOORD3D TABLE TCOORD TEXT TIME UIDREF WAVEFORM',
      ],
    ] as const
  ).map(([tag, list]) => [tag, new Set<string>(list.split(' '))]),
);

/** Whether the value is a term that the standard defines for the attribute: then it is no name, whatever the patient is called. */
export const isDefinedTerm = (tag: Tag, value: string): boolean => terms.get(tag)?.has(value.trim()) === true;

/** The form of these is fixed: codes, designators, versions. The identity is looked for in them, dates and numbers are not. */
const fixedForm: ReadonlySet<Tag> = new Set([
  0x00080005, // Specific Character Set
  0x00080100, // Code Value
  0x00080102, // Coding Scheme Designator
  0x00080103, // Coding Scheme Version
  0x00080105, // Mapping Resource
  0x0008010e, // Coding Scheme URL
  0x0008010f, // Context Identifier
  0x00080112, // Coding Scheme Registry
  0x00080114, // Coding Scheme External ID
  0x00080119, // Long Code Value
  0x00080120, // URN Code Value
  0x00181020, // Software Versions
  0x00189004, // Content Qualification
  0x00209157, // Dimension Index Values
  0x0040a040, // Value Type
  0x0040a010, // Relationship Type
  0x00080060, // Modality
  0x00080301, // Private Group Reference
]);

export const isFixedForm = (tag: Tag): boolean => fixedForm.has(tag);

/** Bulk data of samples, tables and waveforms: not text, however it looks. */
export function isSampleData(tag: Tag): boolean {
  if (tag >>> 16 === 0x7fe0) return true;
  switch (tag) {
    case 0x54001010: // Waveform Data
    case 0x00281201: // palettes
    case 0x00281202:
    case 0x00281203:
    case 0x00281204:
    case 0x00281221:
    case 0x00281222:
    case 0x00281223:
    case 0x00282000: // ICC Profile
    case 0x00283006: // LUT Data
    case 0x00660016: // Surface points
    case 0x00660021:
    case 0x00660040:
      return true;
    default:
      return false;
  }
}
