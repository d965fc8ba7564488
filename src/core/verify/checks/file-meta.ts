import { type DicomElement, findElement, formatTag } from '../../dicom/data-set';
import type { FindingMessage } from '../messages';
import type { Finding } from '../types';
import { asciiValue } from './shared';
import type { Check, CheckContext } from './types';

/** Group length, version, SOP class and instance, transfer syntax, implementation: nothing else is needed (PS3.10 7.1). */
const allowed = new Set([
  0x00020000, 0x00020001, 0x00020002, 0x00020003, 0x00020010, 0x00020012, 0x00020013,
]); // prettier-ignore

/** The file's head was made by Lethe: zero preamble, no titles, no private information, true to the data set. */
export const fileMeta: Check = {
  name: 'file-meta',
  proves: 'Preamble and file meta information are new and agree with the data set.',
  run: (context) => {
    const { file } = context;
    const findings: Finding[] = [];
    const report = (message: FindingMessage, where?: string) =>
      findings.push({ check: 'file-meta', severity: 'block', message, ...(where === undefined ? {} : { where }) });
    if (!file.hasPreamble) report('The output does not begin as a DICOM file.', 'byte 0');
    else if (file.bytes(0, 128).some((b) => b !== 0)) report('The preamble is not empty.', 'byte 0');
    for (const element of file.meta) {
      if (!allowed.has(element.tag))
        report('The file meta information holds more than it needs.', formatTag(element.tag));
    }
    agree(context, 0x00020002, 0x00080016, report);
    agree(context, 0x00020003, 0x00080018, report);
    const syntax = text(context, findElement(file.meta, 0x00020010));
    if (syntax !== file.transferSyntax) report('The transfer syntax is not as the data set is written.', '(0002,0010)');
    return findings;
  },
};

function text(context: CheckContext, element: DicomElement | undefined): string {
  return element === undefined ? '' : asciiValue(context.file.bytes(element.valueStart, element.valueEnd));
}

function agree(
  context: CheckContext,
  meta: number,
  tag: number,
  report: (message: FindingMessage, where: string) => void,
): void {
  const inMeta = text(context, findElement(context.file.meta, meta));
  const inData = text(context, findElement(context.file.elements, tag));
  if (inMeta === '' || (inData !== '' && inMeta !== inData)) {
    report('The file meta information does not agree with the data set.', formatTag(meta));
  }
}
