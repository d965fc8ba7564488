import { e11Row } from '../../deid/tables/e11';
import { requiredAttributes } from '../../deid/tables/types';
import { findElement, formatTag } from '../../dicom/data-set';
import type { FindingMessage } from '../messages';
import type { Finding } from '../types';
import { asciiValue } from './shared';
import type { Check } from './types';

/** De-identification took no attribute that the IOD requires, and emptied none that must have a value. */
export const requiredAttributesStay: Check = {
  name: 'required-attributes',
  proves: 'Type 1 and 2 attributes of the IOD that the input had are in the output.',
  run: (context) => {
    const { file, input } = context;
    const sopClass = findElement(file.elements, 0x00080016);
    if (sopClass === undefined) {
      return [block('The output has no SOP Class UID: nobody could say what it is.', 0x00080016)];
    }
    const findings: Finding[] = [];
    const uid = asciiValue(file.bytes(sopClass.valueStart, sopClass.valueEnd));
    for (const [tag, type] of requiredAttributes(uid)) {
      const before = findElement(input.file.elements, tag);
      if (before === undefined) continue;
      const overridden = input.profile.overrides.some((o) => parseInt(o.tag, 16) === tag);
      const code = e11Row(tag)?.basic;
      // The standard's own table wins over the IOD where the two contradict each other.
      if (overridden || code === 'X') continue;
      const after = findElement(file.elements, tag);
      if (after === undefined) findings.push(block('An attribute that this kind of object must have was lost.', tag));
      else if (type === '1' && after.valueEnd === after.valueStart && before.valueEnd > before.valueStart) {
        if (code !== 'Z' && code !== 'X/Z')
          findings.push(block('An attribute that must have a value is empty now.', tag));
      }
    }
    return findings;
  },
};

function block(message: FindingMessage, tag: number): Finding {
  return { check: 'required-attributes', severity: 'block', message, where: formatTag(tag) };
}
