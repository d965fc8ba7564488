import { describe, expect, it } from 'vitest';
import { knownProposals, proposeNames } from './name-proposals';

const proposed = async (text: string): Promise<string[]> => (await proposeNames(text)).map((p) => p.text);

describe('names that a lexicon proposes', () => {
  it.each([
    ['compared with Alice Johnson today', 'Alice'],
    ['Discussed with Margaret on the phone', 'Margaret'],
    ['JENNIFER WILSON REPEAT SCAN', 'JENNIFER'],
    ['wife Susan present', 'Susan'],
  ])('%s', async (text, name) => {
    const found = await proposeNames(text);
    expect(found.map((p) => p.text)).toContain(name);
    for (const p of found) expect(text.slice(p.start, p.end)).toBe(p.text);
  });

  it.each([
    'Chest PA',
    'CHEST PA AND LATERAL',
    'Siemens',
    'SIEMENS HEALTHINEERS',
    'Philips Medical Systems',
    'GE MEDICAL SYSTEMS',
    'Canon Medical Systems',
    'Axial 5 mm soft tissue',
    'T2 TSE SAG Lumbar spine',
    'Head^Routine',
    'MR Brain w/o contrast',
    'Crohn disease of terminal ileum',
    'Lung window',
    'Follow-up in May',
    'Magnetom Aera',
    'Abdomen and pelvis with IV contrast, portal venous phase',
    'Mild degenerative changes. No acute fracture. Heart size normal.',
    'Hounsfield units',
    'Alzheimer dementia',
    'Thorax angio late 1.0 B31f',
    'ANONYMIZED',
    '***',
    '',
  ])('nothing in %j', async (text) => {
    expect(await proposed(text)).toEqual([]);
  });

  it('does not ask the lexicon about clinical words', () => {
    for (const text of ['Chest PA', 'Lung window', 'axial 5 mm', 'MR Brain w/o contrast'])
      expect(knownProposals(text)).toEqual([]);
  });
});
