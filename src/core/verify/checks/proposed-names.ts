import { isFixedForm } from '../../deid/beyond-table';
import { knownProposals, proposeNames } from '../../deid/name-proposals';
import { textOf } from '../../deid/values-edit';
import type { CharacterSet } from '../../dicom/character-sets';
import { formatPath, isPrivate, type DicomElement, type ElementPath } from '../../dicom/data-set';
import { characterSetOf, fileCharacterSet } from '../../dicom/values';
import type { Finding } from '../types';
import type { Check } from './types';

const most = 20;

/** Text that people type. */
const free = new Set(['LO', 'LT', 'SH', 'ST', 'UC', 'UT']);

/** Text that is the maker's, the standard's or Lethe's own. */
const nobodys = new Set([
  0x00080070, // Manufacturer
  0x00081090, // Manufacturer's Model Name
  0x00080104, // Code Meaning
  0x00080115, // Coding Scheme Name
  0x00100020, // Patient ID: the pseudonym
  0x00120040, // Clinical Trial Subject ID: the pseudonym
  0x00120063, // De-identification Method
]);

/**
 * Words in text that stays which a lexicon knows as names, where no header told of the person. Notes for a person to look at:
 * an unread 'Alice' may be anybody, and holding back every image for one would teach people to accept without looking.
 */
export const proposedNames: Check = {
  name: 'possible-names',
  proves: 'Text that stays was looked through for names that no header tells of; what may be one is pointed out.',
  run: async ({ file }) => {
    const texts: { readonly text: string; readonly path: ElementPath }[] = [];
    collect(file.elements, fileCharacterSet(file), [], (text, path) => {
      if (knownProposals(text)?.length !== 0) texts.push({ text, path });
    });
    const findings: Finding[] = [];
    for (const { text, path } of texts) {
      if (findings.length >= most) break;
      if ((await proposeNames(text)).length === 0) continue;
      findings.push({
        check: 'possible-names',
        severity: 'note',
        message: 'A word in text that stays may be a name.',
        where: formatPath(path),
      });
    }
    return findings;

    function collect(
      elements: readonly DicomElement[],
      charset: CharacterSet,
      path: ElementPath,
      found: (text: string, path: ElementPath) => void,
    ): void {
      for (const element of elements) {
        for (const [index, item] of (element.items ?? []).entries()) {
          const set = characterSetOf(file, item.elements, charset);
          collect(item.elements, set, [...path, { tag: element.tag, item: index }], found);
        }
        if (!free.has(element.vr) || element.valueEnd - element.valueStart < 3) continue;
        if (isPrivate(element.tag) || nobodys.has(element.tag) || isFixedForm(element.tag)) continue;
        found(textOf(file, element, element.vr, charset), [...path, { tag: element.tag }]);
      }
    }
  },
};
