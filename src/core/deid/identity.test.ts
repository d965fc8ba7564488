import { describe, expect, it } from 'vitest';
import { buildDicom } from '../../../fixtures/build';
import { parsed } from '../../../fixtures/support';
import { collectIdentity, identityFromPath, mergeIdentity } from './identity';
import { refusalOf } from './refusals';

describe('identity of a header', () => {
  const file = parsed(
    buildDicom({
      name: 'identity',
      extends: 'ct',
      elements: [
        { tag: '00081070', vr: 'PN', value: ['Operator^One', 'Operator^Two'] },
        { tag: '00080080', vr: 'LO', value: 'Planted Hospital' },
        {
          tag: '00101002',
          vr: 'SQ',
          items: [{ elements: [{ tag: '00100020', vr: 'LO', value: 'NESTED-77' }] }],
        },
        { tag: '00101001', vr: 'UN', value: 'Other^Name' },
      ],
    }),
  );

  it('holds names, numbers, dates and places of every depth', () => {
    const facts = collectIdentity(file, 'drop/a.dcm');
    expect(facts.names).toEqual(
      expect.arrayContaining(['Planted^Patricia', 'Referrer^Rita', 'Operator^One', 'Operator^Two', 'Other^Name']),
    );
    expect(facts.ids).toEqual(expect.arrayContaining(['PID-774411', 'ACC20190412', 'NESTED-77']));
    expect(facts.texts).toContain('Planted Hospital');
    expect(facts.birthDates).toEqual(['19610223']);
    expect(facts.dates).toEqual(expect.arrayContaining(['19610223', '20190412']));
    expect(facts.patientKey).toBe('id::pid-774411');
  });

  it('groups by ID, else by name and birth date, else by folder', () => {
    const key = (elements: Parameters<typeof buildDicom>[0]['elements'], path = 'a/b/c.dcm'): string =>
      collectIdentity(parsed(buildDicom({ name: 'k', elements })), path).patientKey;
    const sop = { tag: '00080016', vr: 'UI', value: '1.2.840.10008.5.1.4.1.1.2' };
    const name = (value: string) => ({ tag: '00100010', vr: 'PN', value });
    expect(key([sop, name('DOE^JANE^^'), { tag: '00100030', vr: 'DA', value: '19800101' }])).toBe(
      key([sop, name('Doe^Jane'), { tag: '00100030', vr: 'DA', value: '19800101' }]),
    );
    expect(key([sop, name('Doe^Jane')])).not.toBe(key([sop, name('Doe^John')]));
    expect(key([sop])).toBe('path:a/b');
  });

  it('merges without losing, and keeps the object where nothing is new', () => {
    const a = collectIdentity(file, 'x/a.dcm');
    expect(mergeIdentity(a, collectIdentity(file, 'x/a.dcm'))).toBe(a);
    const b = identityFromPath('Mustermann_Max/1.png');
    const merged = mergeIdentity(a, b);
    expect(merged.patientKey).toBe(a.patientKey);
    expect(merged.names).toEqual(a.names);
    expect(merged.pathNames).toContain('Mustermann^Max');
  });
});

describe('identity of a path', () => {
  it.each([
    ['Mustermann_Max/scan1.png', ['Mustermann^Max']],
    ['data/DOE^JANE/IMG0001.dcm', ['DOE^JANE']],
    ['exports/JaneDoe/series 1/0001.png', ['Jane^Doe']],
    ['张伟/1.png', ['张伟']],
    ['dicom/CT chest/IM00012.dcm', []],
    ['study/series/1.2.840.113619.2.1/3.dcm', []],
    ['brain_mri_T2w/slice_010.png', []],
    ['images/IMG_20190412.jpg', []],
    ['sub-01/anat/sub-01_T1w.nii.gz', []],
    ['ImageJ/channels/stack.ome.tif', []],
    ['Mustermann_Max/bold.nii.gz', ['Mustermann^Max']],
  ])('%s', (path, names) => {
    expect(identityFromPath(path).pathNames).toEqual(names);
  });

  it('takes long numbers for IDs, counters not', () => {
    expect(identityFromPath('MRN 4471902/IM000123.dcm').ids).toEqual(['4471902']);
  });
});

describe('refusals', () => {
  const refused = (elements: Parameters<typeof buildDicom>[0]['elements']): string | undefined =>
    refusalOf(parsed(buildDicom({ name: 'r', elements })))?.code;
  const sop = (value: string) => ({ tag: '00080016', vr: 'UI', value });

  it.each([
    ['1.2.840.10008.5.1.4.1.1.104.1', 'encapsulated-document'],
    ['1.2.840.10008.5.1.4.1.1.104.3', 'encapsulated-document'],
    ['1.2.840.10008.5.1.4.1.1.9.4.1', 'encapsulated-document'],
    ['1.2.840.10008.1.3.10', 'dicomdir'],
    ['1.2.840.10008.5.1.4.1.1.2', undefined],
  ])('%s', (uid, code) => {
    expect(refused([sop(uid)])).toBe(code);
  });

  it('refuses labels and overviews of slides, keeps their volumes', () => {
    const wsi = (type: string) =>
      refused([
        { tag: '00080008', vr: 'CS', value: ['ORIGINAL', 'PRIMARY', type, 'NONE'] },
        sop('1.2.840.10008.5.1.4.1.1.77.1.6'),
      ]);
    expect(wsi('LABEL')).toBe('wsi-label');
    expect(wsi('OVERVIEW')).toBe('wsi-label');
    expect(wsi('VOLUME')).toBeUndefined();
  });

  it('refuses what does not say what it is, and documents hidden in other classes', () => {
    const nameless = buildDicom({ name: 'r', meta: false, elements: [{ tag: '00100010', vr: 'PN', value: 'A^B' }] });
    expect(refusalOf(parsed(nameless))?.code).toBe('missing-sop-class');
    expect(refused([sop('1.2.840.10008.5.1.4.1.1.7'), { tag: '00420011', vr: 'OB', value: { hex: '25504446' } }])).toBe(
      'encapsulated-document',
    );
  });
});
