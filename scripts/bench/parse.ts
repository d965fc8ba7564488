/**
 * How long a header takes: our parser and writer beside dicom-parser's parseDicom, which the time of a parse is measured against.
 * `npm run bench -- parse`: a CT and a structured report made here.
 */
import * as dicomParserModule from 'dicom-parser';
import { buildDicom, type ElementSpec } from '../../fixtures/build';
import type { DataSetEdits } from '../../src/core/deid/plan';
import type { DicomElement } from '../../src/core/dicom/data-set';
import { parseDicomBytes } from '../../src/core/dicom/parse';
import { keptMeta, writeDicom } from '../../src/core/dicom/write';
import { table } from './timing';

const dicomParser =
  'parseDicom' in dicomParserModule
    ? dicomParserModule
    : (dicomParserModule as { default: typeof dicomParserModule }).default;

/** A CT of 512 × 512 with 250 attributes, as scanners write them. */
function ct(): Uint8Array {
  const many: ElementSpec[] = [{ tag: '00190010', vr: 'LO', value: 'ACME CT 1.0' }];
  for (let i = 0; i < 220; i++) {
    const element = (0x1000 + i).toString(16);
    many.push({
      tag: `0019${element}`,
      vr: ['LO', 'DS', 'US', 'IS'][i % 4] ?? 'LO',
      value: i % 4 === 2 ? i : String(i * 3),
    });
  }
  return buildDicom({
    name: 'ct',
    extends: 'ct',
    elements: [
      ...many,
      { tag: '00280010', vr: 'US', value: 512 },
      { tag: '00280011', vr: 'US', value: 512 },
      { tag: '7FE00010', vr: 'OW', value: { length: 524288, fill: 'ramp' } },
    ],
  });
}

/** A report whose content tree has about 1,850 elements, six deep, undefined lengths. */
function report(): Uint8Array {
  const code = (tag: string, meaning: string): ElementSpec => ({
    tag,
    vr: 'SQ',
    undefinedLength: true,
    items: [
      {
        undefinedLength: true,
        elements: [
          { tag: '00080100', vr: 'SH', value: '121071' },
          { tag: '00080102', vr: 'SH', value: 'DCM' },
          { tag: '00080104', vr: 'LO', value: meaning },
        ],
      },
    ],
  });
  const node = (depth: number): ElementSpec[] => [
    { tag: '0040A010', vr: 'CS', value: 'CONTAINS' },
    { tag: '0040A040', vr: 'CS', value: depth === 0 ? 'TEXT' : 'CONTAINER' },
    code('0040A043', 'Finding'),
    { tag: '0040A160', vr: 'UT', value: 'No suspicious finding in either breast.' },
    ...(depth === 0
      ? []
      : [
          {
            tag: '0040A730',
            vr: 'SQ',
            undefinedLength: true,
            items: Array.from({ length: 3 }, () => ({ undefinedLength: true, elements: node(depth - 1) })),
          },
        ]),
  ];
  return buildDicom({
    name: 'sr',
    extends: 'report',
    elements: [
      {
        tag: '0040A730',
        vr: 'SQ',
        undefinedLength: true,
        items: Array.from({ length: 2 }, () => ({ undefinedLength: true, elements: node(4) })),
      },
    ],
  });
}

const count = (elements: readonly DicomElement[]): number =>
  elements.reduce((n, e) => n + 1 + (e.items ?? []).reduce((m, item) => m + count(item.elements), 0), 0);

/** Median of many runs, in milliseconds. */
function time(run: () => void): number {
  const until = performance.now() + 300;
  while (performance.now() < until) run();
  const times: number[] = [];
  for (let i = 0; i < 201; i++) {
    const start = performance.now();
    run();
    times.push(performance.now() - start);
  }
  return times.sort((a, b) => a - b)[100] ?? NaN;
}

/** Every second text is replaced at all depths, as a de-identification does. */
function someEdits(elements: readonly DicomElement[]): DataSetEdits {
  return {
    insert: [],
    edits: elements.map((e, i) => {
      if (e.items !== undefined) return { kind: 'descend', items: e.items.map((item) => someEdits(item.elements)) };
      return i % 2 === 0 && e.vr === 'LO' ? { kind: 'replace', value: new Uint8Array([0x58, 0x20]) } : { kind: 'keep' };
    }),
  };
}

/** Parsing beside dicom-parser, and splicing. */
export function benchParse(): Promise<string> {
  const made: (readonly [string, Uint8Array])[] = [
    ['CT 512 x 512', ct()],
    ['SR', report()],
  ];
  const lines = made.map(([name, bytes]) => {
    const result = parseDicomBytes(bytes);
    if (!result.ok) throw new Error(`${name}: ${result.code}`);
    const file = result.value;
    const plan = { dataSet: someEdits(file.elements), meta: keptMeta(file) };
    const parse = time(() => parseDicomBytes(bytes));
    const write = time(() => writeDicom(file, plan));
    const theirs = time(() => dicomParser.parseDicom(bytes));
    return [`${name}, ${count(file.elements)} elements`, parse, theirs, write];
  });
  return Promise.resolve(table('Parsing, ms', ['file', 'Lethe', 'dicom-parser', 'write with edits'], lines));
}
