import type { InstanceStatus } from '../pipeline/types';

/** The words of the printable record. */
export interface ReportWords {
  /** BCP 47. */
  readonly language: string;
  readonly title: string;
  readonly created: string;
  readonly program: string;
  readonly profile: string;
  readonly options: string;
  readonly pixels: string;
  readonly key: string;
  readonly seal: string;
  /** Certificate with whose key the images are signed. */
  readonly signed: string;
  readonly counts: string;
  readonly inputs: string;
  readonly exported: string;
  readonly review: string;
  readonly refused: string;
  readonly skipped: string;
  readonly redacted: string;
  readonly kept: string;
  readonly bytes: string;
  readonly reasons: string;
  readonly rules: string;
  readonly accepted: string;
  readonly files: string;
  readonly state: string;
  readonly output: string;
  readonly proof: string;
  readonly status: Readonly<Record<InstanceStatus, string>>;
}

export const reportWordsEn: ReportWords = {
  language: 'en',
  title: 'Record of de-identification',
  created: 'Made',
  program: 'Program',
  profile: 'Profile',
  options: 'Options (PS3.15 E.3)',
  pixels: 'Text in images',
  key: 'Key fingerprint',
  seal: 'Seal',
  signed: 'Images signed with certificate',
  counts: 'Counts',
  inputs: 'Files opened',
  exported: 'Exported',
  review: 'Wait for review',
  refused: 'Refused',
  skipped: 'Set aside',
  redacted: 'Regions redacted',
  kept: 'Regions kept',
  bytes: 'Bytes in → out',
  reasons: 'Why files stayed',
  rules: 'Elements by rule and action',
  accepted: 'Let through by a person, with the reason',
  files: 'Files',
  state: 'State',
  output: 'Result, or reason',
  proof:
    'This page holds no identity. Whether results are unchanged is shown by the record as JSON: open it under “Check a record”, or run lethe verify.',
  status: { exported: 'exported', 'needs-review': 'needs review', refused: 'refused', skipped: 'set aside' },
};
