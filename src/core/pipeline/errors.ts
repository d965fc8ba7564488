/**
 * What every code means to the person at the screen: what happened, what it means for this file, and what to do next.
 * The page translates by code; the command line and the record print these.
 */
import type { OutcomeCode } from '../audit/outcome';
import type { ErrorCode, Failure } from '../result';

export interface Explanation {
  /** What happened and what it means for this file. */
  readonly message: string;
  /** What to do next. */
  readonly next: string;
}

const notExported = 'It is not exported.';

export const explanations: Readonly<Record<OutcomeCode, Explanation>> = {
  'empty-file': {
    message: `The file has no content. ${notExported}`,
    next: 'Copy it again from where it came from.',
  },
  'not-an-image': {
    message: `The file is none of the kinds of image that Lethe reads, whatever its name says. ${notExported}`,
    next: 'Leave it out, or look at how it was saved.',
  },
  'unsupported-format': {
    message: `The file is of a kind that Lethe does not read. ${notExported}`,
    next: 'Convert it to DICOM, PNG, JPEG, TIFF, BMP, WebP or NIfTI first.',
  },
  'read-failed': {
    message: `The file could not be read from its disk or drive. ${notExported}`,
    next: 'Check that the drive is connected and that you may read the file, then try again.',
  },
  'too-large': {
    message: `The file, or an image in it, is larger than Lethe can handle safely. ${notExported}`,
    next: 'Split it into smaller files, or process it on a machine with more memory.',
  },
  'too-many-files': {
    message: 'There are more files than one session can hold. The ones beyond the limit were not read.',
    next: 'Process the folder in parts.',
  },
  'archive-damaged': {
    message: `The ZIP, or this file in it, is damaged: its parts contradict each other. ${notExported}`,
    next: 'Copy or make the ZIP again, or unpack it with another program and open the folder.',
  },
  'archive-encrypted': {
    message: `The file is encrypted inside its ZIP. ${notExported}`,
    next: 'Unpack the ZIP with its password and open the folder.',
  },
  'archive-unsupported': {
    message: `The file is packed inside its ZIP in a way that Lethe does not read. ${notExported}`,
    next: 'Unpack the ZIP with another program and open the folder.',
  },
  'archive-hostile': {
    message: `The file is packed as no honest program packs: its name leads out of the ZIP, or it would unpack to far more than it says. ${notExported}`,
    next: 'Ask where the ZIP comes from. Do not unpack it elsewhere.',
  },
  truncated: {
    message: `The file ends too early: a part of it is missing. ${notExported}`,
    next: 'Copy or export it again from the source.',
  },
  malformed: {
    message: `The file breaks the rules of its format, so it is unclear what is in it. ${notExported}`,
    next: 'Export it again from the source, or have it repaired.',
  },
  'limit-exceeded': {
    message: `The file is nested deeper or holds more elements than any real image does. ${notExported}`,
    next: 'Check where it comes from.',
  },
  'trailing-bytes': {
    message: `There are bytes after the end of the image that cannot be explained. They might identify someone. ${notExported}`,
    next: 'Export it again from the source.',
  },
  'missing-sop-class': {
    message: `The file does not say what kind of DICOM object it is. ${notExported}`,
    next: 'Export it again from the source.',
  },
  'unsupported-transfer-syntax': {
    message: `The file is stored in an encoding that Lethe does not know. ${notExported}`,
    next: 'Export it from the source as uncompressed DICOM (Explicit VR Little Endian).',
  },
  'deflate-failed': {
    message: `The compressed header of the file is damaged. ${notExported}`,
    next: 'Copy or export it again from the source.',
  },
  'unsupported-charset': {
    message: `The text of the file is in a character set that Lethe does not know, so names in it could be missed. ${notExported}`,
    next: 'Export it from the source as UTF-8 (ISO_IR 192).',
  },
  'encapsulated-document': {
    message: `The file wraps a document, such as a PDF. A document can hold anything, so it is not passed on. ${notExported}`,
    next: 'De-identify the document by hand, or leave it out.',
  },
  'wsi-label': {
    message: `The image is the label or the overview of a slide and may show a name. ${notExported}`,
    next: 'Leave it out: the other images of the slide do not need it.',
  },
  dicomdir: {
    message: `The file is the index (DICOMDIR) of a disc. It lists names and is never copied. ${notExported}`,
    next: 'Nothing: the images it lists are handled one by one.',
  },
  video: {
    message: `The file is a compressed video. Text in it cannot be removed without loss yet. ${notExported}`,
    next: 'Export it from the source as a multi-frame image that is not a video.',
  },
  'video-mpeg2': {
    message: 'The frames are MPEG-2 video, which no browser decodes, so they cannot be shown. A video is not exported.',
    next: 'Export it from the source as a multi-frame image that is not a video.',
  },
  'video-hevc': {
    message:
      'The frames are HEVC (H.265) video, which this browser does not decode, so they cannot be shown. A video is not exported.',
    next: 'Export it from the source as a multi-frame image. To look at it, try Safari, or Chrome or Edge where the graphics card decodes HEVC.',
  },
  'bad-pixel-data': {
    message:
      'The image data do not fit what the header says, so they could not be checked for text. It waits for review.',
    next: 'Export it again from the source, or look at it and decide.',
  },
  'codec-unsupported': {
    message:
      'The image is compressed in a way that Lethe cannot open, so it could not be checked for text. It waits for review.',
    next: 'Export it from the source uncompressed, or decide in the review.',
  },
  'codec-failed': {
    message:
      'The compressed image is damaged or unusual and could not be opened to check it for text. It waits for review.',
    next: 'Export it again from the source, or decide in the review.',
  },
  'redaction-unsupported': {
    message: 'Text was found, but an image stored in this way cannot be changed without harm. It waits for review.',
    next: 'Export it from the source uncompressed, or take it out.',
  },
  'bad-png': {
    message: `The PNG image is damaged. ${notExported}`,
    next: 'Save it again from the program it came from.',
  },
  'bad-jpeg': {
    message: `The JPEG image is damaged. ${notExported}`,
    next: 'Save it again from the program it came from.',
  },
  'bad-tiff': {
    message: `The TIFF image is damaged. ${notExported}`,
    next: 'Save it again from the program it came from.',
  },
  'bad-bmp': {
    message: `The BMP image is damaged. ${notExported}`,
    next: 'Save it again from the program it came from.',
  },
  'bad-webp': {
    message: `The WebP image is damaged. ${notExported}`,
    next: 'Save it again from the program it came from.',
  },
  'bad-nifti': {
    message: `The NIfTI volume is damaged. ${notExported}`,
    next: 'Convert or copy it again from the source.',
  },
  'unsupported-variant': {
    message: `The image is stored in a rare variant of its format that Lethe does not read, so it is unclear what is in it. ${notExported}`,
    next: 'Save it in a common form, such as TIFF without compression or with LZW or Deflate, and try again.',
  },
  'whole-slide': {
    message: `The image is a whole-slide image: it holds several resolutions, and often a label with a name. ${notExported}`,
    next: 'Export the region of interest as a plain TIFF, or convert it to DICOM.',
  },
  'volume-pair': {
    message: `The volume is split into a header (.hdr) and an image file (.img), which can’t be checked together. ${notExported}`,
    next: 'Convert it to a single .nii or .nii.gz file.',
  },
  'model-unavailable': {
    message: 'The model that finds text could not be loaded, so the image could not be checked. It waits for review.',
    next: 'Reload the page, or look at the image and decide.',
  },
  'gate-blocked': {
    message: 'The last check found something in the result that must not leave. It was held back.',
    next: 'See what was found and where; change the profile or take the file out.',
  },
  'needs-review': {
    message: 'A person has to look at this image before it may leave.',
    next: 'Open it in the review.',
  },
  'write-failed': {
    message: 'The result could not be written to its destination.',
    next: 'Check that there is space left and that you may write there, then export again.',
  },
  'name-collision': {
    message: 'Another file already has the name that this result would get. Nothing was overwritten.',
    next: 'Choose an empty folder for the output.',
  },
  duplicate: {
    message: 'The file is the same, byte for byte, as one that came before it. One copy was enough.',
    next: 'There is nothing to do.',
  },
  cancelled: {
    message: 'The work was cancelled before this file was done.',
    next: 'Start again if it is needed.',
  },
  'bad-profile': {
    message: 'The profile is not valid. Nothing was done.',
    next: 'Correct the profile, or choose another.',
  },
  'bad-certificate': {
    message:
      'A certificate cannot be used: there is none in the file, it is damaged or not valid today, or its key is too weak. Nothing was encrypted for it.',
    next: 'Ask whoever is to open it for a valid certificate (PEM) with an RSA key of at least 2048 bits or a NIST curve.',
  },
  'bad-key': {
    message:
      'The private key cannot be read: there is none in the file, it is damaged, or it is of a kind that Lethe does not know.',
    next: 'Give it as PEM (PKCS #8). openssl pkcs8 -topk8 converts older forms.',
  },
  'wrong-passphrase': {
    message: 'The passphrase is wrong or missing. It stays closed.',
    next: 'Type it again. Without it nobody can open what it protects.',
  },
  'wrong-key': {
    message: 'What is encrypted here was made for other keys, or it is damaged. It stays closed.',
    next: 'Use the private key that belongs to one of the certificates it was encrypted for.',
  },
  'bad-envelope': {
    message: 'What is encrypted here is damaged, cut off or of a kind that Lethe does not know. It stays closed.',
    next: 'Take the file again from where it was first exported to.',
  },
  'no-vault': {
    message: 'The file holds no encrypted originals: it cannot be re-identified from itself.',
    next: 'Look it up in the lookup table of the project, if there is one.',
  },
  'bad-signature': {
    message: 'The signature does not fit: what was signed, or the signature itself, was changed. Do not trust it.',
    next: 'Ask whoever signed it for the original.',
  },
  'not-signable': {
    message:
      'This file cannot be signed: an attribute that the signature must cover has a form that Lethe does not know.',
    next: 'Export it without a signature.',
  },
  'unknown-signature': {
    message: 'The file carries a signature of a kind that Lethe cannot check. Signatures with RSA keys can be checked.',
    next: 'Check it with the program that made it.',
  },
  'not-allowed': {
    message: 'The policy of this machine does not allow that. Nothing was done.',
    next: 'Ask a supervisor.',
  },
  'internal-error': {
    message: `Lethe made an error with this file. ${notExported}`,
    next: 'Please report it, without the file.',
  },
  'system-file': {
    message: 'The file belongs to the operating system and holds no image.',
    next: 'There is nothing to do.',
  },
  'cohort-rare': {
    message: 'Too few patients of this set share what would stay of its characteristics. It was left out.',
    next: 'Coarsen the characteristics further in the cohort panel, add more patients, or accept that it stays out.',
  },
  excluded: {
    message: 'The file was taken out by a person.',
    next: 'There is nothing to do.',
  },
};

/** A Failure with the sentence of its code. */
export function failure(code: ErrorCode, where?: string): Failure {
  const { message } = explanations[code];
  return where === undefined ? { ok: false, code, message } : { ok: false, code, message, where };
}

/**
 * A thrown Error is a defect of Lethe: it becomes a value, so that the batch goes on. The error's own text is left out, since it
 * may hold values of the file; its kind and place in the program stay.
 */
export function internalError(error: unknown): Failure {
  const kind = error instanceof Error ? error.name : typeof error;
  const place = error instanceof Error ? /([\w.-]+\.[cm]?[jt]s[^:\s)]*):(\d+)/.exec(error.stack ?? '') : null;
  return failure('internal-error', place ? `${kind}, ${place[1] ?? ''}:${place[2] ?? ''}` : kind);
}

/** Codes that a person can settle in the review, because only the look at the pixels is missing. */
const reviewable: ReadonlySet<OutcomeCode> = new Set<OutcomeCode>([
  'needs-review',
  'bad-pixel-data',
  'codec-unsupported',
  'codec-failed',
  'redaction-unsupported',
  'model-unavailable',
]);

export const isReviewable = (code: OutcomeCode): boolean => reviewable.has(code);

/** Endings by which a file says that it is an image of a kind that Lethe reads. */
const imageName = /\.(dcm|dicom|dic|ima|png|apng|jpe?g|tiff?|bmp|webp|nii|nii\.gz)$/i;

/**
 * Whether what ended with a code is set aside with its name and why, not refused: a second copy, the index of a disc, and what neither
 * its content nor its name calls an image. Text under the name of an image is refused: somebody expects an image there.
 */
export const isSetAside = (code: OutcomeCode, path: string): boolean =>
  code === 'dicomdir' || code === 'duplicate' || (code === 'not-an-image' && !imageName.test(path));
