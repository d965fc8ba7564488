import { findElement, formatTag } from '../../dicom/data-set';
import type { FindingMessage } from '../messages';
import type { Finding } from '../types';
import { asciiValue, isSampleData } from './shared';
import type { Check } from './types';

/** What was decided about pixels was done, and the header says so truly. */
export const pixelPolicy: Check = {
  name: 'pixel-policy',
  proves: 'Regions that were to be redacted were, and the de-identification attributes are true.',
  run: ({ input, file }) => {
    const findings: Finding[] = [];
    const value = (tag: number): string | null => {
      const element = findElement(file.elements, tag);
      return element === undefined ? null : asciiValue(file.bytes(element.valueStart, element.valueEnd)).trim();
    };
    const report = (severity: Finding['severity'], message: FindingMessage, tag?: number) =>
      findings.push({
        check: 'pixel-policy',
        severity,
        message,
        ...(tag === undefined ? {} : { where: formatTag(tag) }),
      });
    const redact = input.regions.some((r) => r.action === 'redact');
    const hasPixels = input.file.elements.some((e) => isSampleData(e, 0));
    if (redact && !hasPixels) report('block', 'Regions are marked, but the object has no pixel data.');
    else if (redact && !input.pixelsChanged) report('block', 'Marked regions were not redacted.');
    const burnedIn = value(0x00280301);
    if (redact && burnedIn !== 'NO') {
      report('block', 'Text was redacted, but the header does not say that the image is free of it.', 0x00280301);
    }
    if (input.regions.length === 0 && burnedIn === 'YES' && input.profile.pixels.policy !== 'off') {
      report('overridable', 'The header says that text is burned into the image, but none was found.', 0x00280301);
    }
    if (value(0x00120062) !== 'YES') {
      report('block', 'The output does not say that identity was removed.', 0x00120062);
    }
    if (findElement(file.elements, 0x00120063) === undefined && findElement(file.elements, 0x00120064) === undefined) {
      report('block', 'The output does not say how identity was removed.', 0x00120063);
    }
    return findings;
  },
};
