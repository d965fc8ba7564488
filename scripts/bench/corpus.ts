/** Made files of the benchmarks: the same for every program, without anything of anybody. */
import { buildDicom, type ElementSpec } from '../../fixtures/build';

const uid = (n: number, kind: number) => `1.2.826.0.1.3680043.9.9999.${kind}.${n}`;

function base(sopClass: string, modality: string, i: number): ElementSpec[] {
  return [
    { tag: '00080005', vr: 'CS', value: 'ISO_IR 100' },
    { tag: '00080008', vr: 'CS', value: 'ORIGINAL\\PRIMARY\\AXIAL' },
    { tag: '00080016', vr: 'UI', value: sopClass },
    { tag: '00080018', vr: 'UI', value: uid(i, 3) },
    { tag: '00080020', vr: 'DA', value: '20240311' },
    { tag: '00080030', vr: 'TM', value: '101112' },
    { tag: '00080050', vr: 'SH', value: 'ACC778812' },
    { tag: '00080060', vr: 'CS', value: modality },
    { tag: '00080070', vr: 'LO', value: 'Example Works' },
    { tag: '00080080', vr: 'LO', value: 'Northfield Hospital' },
    { tag: '00080090', vr: 'PN', value: 'Marlowe^Edith' },
    { tag: '00081030', vr: 'LO', value: 'CT chest' },
    { tag: '00100010', vr: 'PN', value: 'Quillfeather^Ambrose' },
    { tag: '00100020', vr: 'LO', value: 'QF-20881-X' },
    { tag: '00100030', vr: 'DA', value: '19570423' },
    { tag: '00100040', vr: 'CS', value: 'M' },
  ];
}

/** About 130 elements, sequences and a private block, as scanners write them. */
export function ct(i: number): Uint8Array {
  const filler: ElementSpec[] = [];
  for (let e = 0; e < 60; e += 1)
    filler.push({ tag: `0029${(0x1010 + e).toString(16)}`, vr: 'LO', value: `private value ${e} of ${i}` });
  const acquisition: ElementSpec[] = [
    '00180050',
    '00180060',
    '00180090',
    '00181100',
    '00181110',
    '00181111',
    '00181120',
    '00181130',
  ].map((tag, n) => ({ tag, vr: 'DS', value: String(10 + n) }));
  const file = buildDicom({
    name: 'ct',
    transferSyntax: '1.2.840.10008.1.2.1',
    elements: [
      ...base('1.2.840.10008.5.1.4.1.1.2', 'CT', i),
      {
        tag: '00081140',
        vr: 'SQ',
        items: [0, 1, 2].map((n) => ({
          elements: [
            { tag: '00081150', vr: 'UI', value: '1.2.840.10008.5.1.4.1.1.2' },
            { tag: '00081155', vr: 'UI', value: uid(i + n, 3) },
          ],
        })),
      },
      ...acquisition,
      { tag: '0020000D', vr: 'UI', value: uid(1, 1) },
      { tag: '0020000E', vr: 'UI', value: uid(1, 2) },
      { tag: '00200013', vr: 'IS', value: String(i) },
      { tag: '00200032', vr: 'DS', value: '0\\0\\1' },
      { tag: '00200037', vr: 'DS', value: '1\\0\\0\\0\\1\\0' },
      { tag: '00200052', vr: 'UI', value: uid(1, 4) },
      { tag: '00280002', vr: 'US', value: 1 },
      { tag: '00280004', vr: 'CS', value: 'MONOCHROME2' },
      { tag: '00280010', vr: 'US', value: 512 },
      { tag: '00280011', vr: 'US', value: 512 },
      { tag: '00280030', vr: 'DS', value: '0.7\\0.7' },
      { tag: '00280100', vr: 'US', value: 16 },
      { tag: '00280101', vr: 'US', value: 12 },
      { tag: '00280102', vr: 'US', value: 11 },
      { tag: '00280103', vr: 'US', value: 0 },
      { tag: '00281050', vr: 'DS', value: '40' },
      { tag: '00281051', vr: 'DS', value: '400' },
      { tag: '00290010', vr: 'LO', value: 'EXAMPLE PRIVATE' },
      ...filler,
      { tag: '7FE00010', vr: 'OW', value: { length: 512 * 512 * 2, fill: 'ramp' } },
    ],
  });
  // Values of twelve bits, as the header says.
  for (let at = file.byteLength - 512 * 512 * 2 + 1; at < file.byteLength; at += 2) file[at] = (file[at] ?? 0) & 0x0f;
  return file;
}

/** A report of 1,850 elements, eight levels deep. */
export function report(i: number): Uint8Array {
  const leaf = (n: number): ElementSpec[] => [
    { tag: '0040A010', vr: 'CS', value: 'CONTAINS' },
    { tag: '0040A040', vr: 'CS', value: 'TEXT' },
    {
      tag: '0040A043',
      vr: 'SQ',
      items: [
        {
          elements: [
            { tag: '00080100', vr: 'SH', value: '121071' },
            { tag: '00080102', vr: 'SH', value: 'DCM' },
            { tag: '00080104', vr: 'LO', value: 'Finding' },
          ],
        },
      ],
    },
    { tag: '0040A160', vr: 'UT', value: `Nodule ${n}: 4 mm, stable` },
  ];
  const level = (depth: number, n: number): ElementSpec[] =>
    depth === 0
      ? leaf(n)
      : [
          ...leaf(n),
          { tag: '0040A730', vr: 'SQ', items: [0, 1].map((k) => ({ elements: level(depth - 1, n * 2 + k) })) },
        ];
  return buildDicom({
    name: 'sr',
    transferSyntax: '1.2.840.10008.1.2.1',
    elements: [
      ...base('1.2.840.10008.5.1.4.1.1.88.33', 'SR', i),
      { tag: '0020000D', vr: 'UI', value: uid(2, 1) },
      { tag: '0020000E', vr: 'UI', value: uid(2, 2) },
      { tag: '0040A040', vr: 'CS', value: 'CONTAINER' },
      { tag: '0040A730', vr: 'SQ', items: [0].map((k) => ({ elements: level(7, k + 1) })) },
    ],
  });
}

/** Frames of 1024 × 768, 8 bit. */
export function cine(i: number, mebibytes: number): Uint8Array {
  const frames = Math.round((mebibytes * 1024 * 1024) / (1024 * 768));
  return buildDicom({
    name: 'cine',
    transferSyntax: '1.2.840.10008.1.2.1',
    elements: [
      ...base('1.2.840.10008.5.1.4.1.1.3.1', 'US', i),
      { tag: '0020000D', vr: 'UI', value: uid(3, 1) },
      { tag: '0020000E', vr: 'UI', value: uid(3, 2) },
      { tag: '00280002', vr: 'US', value: 1 },
      { tag: '00280004', vr: 'CS', value: 'MONOCHROME2' },
      { tag: '00280008', vr: 'IS', value: String(frames) },
      { tag: '00280010', vr: 'US', value: 768 },
      { tag: '00280011', vr: 'US', value: 1024 },
      { tag: '00280100', vr: 'US', value: 8 },
      { tag: '00280101', vr: 'US', value: 8 },
      { tag: '00280102', vr: 'US', value: 7 },
      { tag: '00280103', vr: 'US', value: 0 },
      { tag: '7FE00010', vr: 'OB', value: { length: frames * 1024 * 768, fill: 'ramp' } },
    ],
  });
}

/** A CT of 16 × 16 pixels; `digits` (seven of them) ends its Instance UID and is its number, to be overwritten by who copies it. */
export function small(digits: string): Uint8Array {
  return buildDicom({
    name: 'small',
    transferSyntax: '1.2.840.10008.1.2.1',
    elements: [
      ...base('1.2.840.10008.5.1.4.1.1.2', 'CT', 0).filter((e) => e.tag !== '00080018'),
      { tag: '00080018', vr: 'UI', value: `1.2.826.0.1.3680043.9.9999.8.${digits}` },
      { tag: '0020000D', vr: 'UI', value: uid(4, 1) },
      { tag: '0020000E', vr: 'UI', value: uid(4, 2) },
      { tag: '00200013', vr: 'IS', value: digits },
      { tag: '00280002', vr: 'US', value: 1 },
      { tag: '00280004', vr: 'CS', value: 'MONOCHROME2' },
      { tag: '00280010', vr: 'US', value: 16 },
      { tag: '00280011', vr: 'US', value: 16 },
      { tag: '00280100', vr: 'US', value: 16 },
      { tag: '00280101', vr: 'US', value: 12 },
      { tag: '00280102', vr: 'US', value: 11 },
      { tag: '00280103', vr: 'US', value: 0 },
      { tag: '7FE00010', vr: 'OW', value: { length: 16 * 16 * 2, fill: 'ramp' } },
    ],
  });
}
