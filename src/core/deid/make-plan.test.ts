import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { buildDicom, type ElementSpec, type ItemSpec } from '../../../fixtures/build';
import { joinParts, parsed } from '../../../fixtures/support';
import { program } from '../audit/program';
import { findElement, type DicomElement, type DicomFile, type Tag } from '../dicom/data-set';
import { lookup } from '../dicom/dictionary';
import { numberValues, stringValue, textValue } from '../dicom/values';
import { isTextVr } from '../dicom/vr';
import { writeDicom } from '../dicom/write';
import { implementationVersionName } from './file-meta';
import { dateShift, remapUid } from './identifiers';
import { collectIdentity } from './identity';
import { makePlan } from './make-plan';
import { profileOptions } from './options';
import type { Plan } from './plan';
import { basicProfile, type OptionName, type Profile } from './profile';
import { readyProfiles } from './profiles';
import { e11Row, optionCode, optionOfLetter, type OptionLetter } from './tables/e11';
import { attributeType, resolveCode } from './tables/types';

const key = Uint8Array.from({ length: 32 }, (_, i) => i * 7 + 1);
const standard = `${process.cwd()}/../shared/standard`;
const ctClass = '1.2.840.10008.5.1.4.1.1.2';

const hex = (tag: Tag): string => tag.toString(16).padStart(8, '0').toUpperCase();
const withOptions = (...options: OptionName[]): Profile => ({ ...basicProfile, name: 'test', options });

interface Done {
  readonly plan: Plan;
  readonly input: DicomFile;
  readonly output: DicomFile;
  readonly bytes: Uint8Array;
}

function deidentify(bytes: Uint8Array, profile: Profile = basicProfile, path = 'in/a.dcm'): Done {
  const input = parsed(bytes);
  const plan = makePlan(input, profile, { key, identity: collectIdentity(input, path) });
  const out = joinParts(writeDicom(input, plan), bytes);
  return { plan, input, output: parsed(out), bytes: out };
}

function withElements(
  elements: readonly ElementSpec[],
  over: { extends?: string; transferSyntax?: string } = {},
): Uint8Array {
  return buildDicom({ name: 'test', extends: 'ct', ...over, elements });
}

const textOf = (file: DicomFile, tag: Tag): string | undefined => {
  const element = findElement(file.elements, tag);
  return element === undefined ? undefined : textValue(file, element);
};

const inner = (file: DicomFile, ...path: readonly Tag[]): DicomElement | undefined => {
  let elements = file.elements;
  let element: DicomElement | undefined;
  for (let i = 0; i < path.length; i += 2) {
    element = findElement(elements, path[i] ?? 0);
    elements = element?.items?.[path[i + 1] ?? 0]?.elements ?? [];
  }
  return element;
};

/** A word of its own for each tag, unlike all others: what one attribute says must not be swept for another's sake. */
function word(tag: Tag): string {
  let state = (tag ^ 0x9e3779b9) >>> 0;
  let text = 'Qx';
  for (let i = 0; i < 10; i++) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    text += (i % 2 === 0 ? 'aeiou' : 'bdfgklmnprtvz').charAt((state >>> 16) % (i % 2 === 0 ? 5 : 13));
  }
  return text;
}

/** A valid value with something to lose, by VR. */
function sample(tag: Tag, vr: string): ElementSpec {
  const base = { tag: hex(tag), vr };
  switch (vr) {
    case 'SQ':
      return { ...base, items: [{ elements: [{ tag: '00080100', vr: 'SH', value: word(tag) }] }] };
    case 'UI':
      return { ...base, value: '1.2.826.0.1.3680043.10.99.4711' };
    case 'DA':
      return { ...base, value: '19990721' };
    case 'TM':
      return { ...base, value: '231415' };
    case 'DT':
      return { ...base, value: '19990721231415' };
    case 'AS':
      return { ...base, value: '047Y' };
    case 'DS':
    case 'IS':
      return { ...base, value: '987654' };
    case 'US':
      return { ...base, value: 4321 };
    case 'OB':
    case 'UN':
      return { ...base, value: { hex: '517861626564' } };
    case 'AE':
    case 'CS':
      return { ...base, value: word(tag).toUpperCase() };
    default:
      return { ...base, value: word(tag) };
  }
}

const rows: readonly [tag: string, keyword: string, vr: string, basic: string, ...options: string[]][] = existsSync(
  standard,
)
  ? (JSON.parse(readFileSync(`${standard}/ps315-e1-1.json`, 'utf8')) as { rows: (string | number)[][] }).rows.map(
      (r) => [r[0], r[1], r[2], r[5], ...r.slice(6, 16)] as [string, string, string, string, ...string[]],
    )
  : [];
const letters = Array.from('sudipfmcrg') as OptionLetter[];

describe.skipIf(rows.length === 0)('Table E.1-1', () => {
  it('has every row and every cell', () => {
    expect(rows).toHaveLength(656);
    for (const [tag, , , basic, ...cells] of rows) {
      if (tag === 'ggggeeee') continue;
      const row = e11Row(parseInt(tag.replace('50xxxxxx', '50023000').replace('60xx', '6004'), 16));
      expect(row?.basic, tag).toBe(basic);
      letters.forEach((letter, i) => {
        expect(row === undefined ? '' : (optionCode(row, letter) ?? ''), `${tag} ${letter}`).toBe(cells[i] ?? '');
      });
    }
  });

  const plain = rows.filter(
    ([tag]) => !/[xg]/.test(tag) && !tag.startsWith('0002') && !tag.startsWith('0000') && !tag.startsWith('0004'),
  );

  /** What must be true of an element after an action. */
  function check(action: string, tag: Tag, vr: string, done: Done): void {
    const before = findElement(done.input.elements, tag);
    const after = findElement(done.output.elements, tag);
    const raw = (f: DicomFile, e: DicomElement): string =>
      Buffer.from(f.bytes(e.valueStart, e.valueEnd)).toString('latin1');
    const where = `${hex(tag)} ${action} ${vr}`;
    if (before === undefined) throw new Error(`not in the input: ${where}`);
    if (action === 'X') {
      expect(after, where).toBeUndefined();
      return;
    }
    if (after === undefined) throw new Error(`lost: ${where}`);
    if (tag === 0x00100010 || tag === 0x00100020 || tag === 0x00120040) {
      expect(raw(done.output, after).trim(), where).toBe(done.plan.identity.patientId);
      return;
    }
    const value = raw(done.output, after);
    if (action === 'Z') expect(after.valueEnd - after.valueStart, where).toBe(0);
    else if (action === 'D') {
      expect(value.length, where).toBeGreaterThan(0);
      expect(value, where).not.toMatch(/Qx[a-z]/i);
      expect(value, where).not.toBe(raw(done.input, before));
    } else if (action === 'U') {
      if (vr === 'UI') expect(value.replace(/\0/g, ''), where).toBe(remapUid(key, '1.2.826.0.1.3680043.10.99.4711'));
      else expect(after.items, where).toHaveLength(1);
    } else if (action === 'K') expect(value, where).toBe(raw(done.input, before));
  }

  const kinds: ElementSpec[] = plain.map(([tag, , vr]) =>
    sample(parseInt(tag, 16), vr === '' ? 'LO' : (vr.split('/')[0] ?? 'LO')),
  );
  const file = withElements([...kinds.filter((k) => !/^(00080018|0020000D|0020000E)$/.test(k.tag))]);

  it('does what every row of the Basic Profile says', () => {
    const done = deidentify(file);
    for (const [tag, , vr, basic] of plain) {
      const t = parseInt(tag, 16);
      if (/^(00080018|0020000D|0020000E)$/.test(tag)) continue;
      // The dummy that was planted is what the table asks for already.
      const action = resolveCode(basic, attributeType(t, [], ctClass));
      check(action, t, vr === '' ? 'LO' : (vr.split('/')[0] ?? 'LO'), done);
    }
  });

  it.each(letters.map((letter, i) => ({ letter, option: optionOfLetter[letter], column: i })))(
    'does what every cell of $option says',
    ({ option, column }) => {
      const done = deidentify(file, withOptions(option));
      const shift = dateShift(key, collectIdentity(done.input, 'in/a.dcm').patientKey, basicProfile);
      for (const [tag, , vrs, , ...cells] of plain) {
        const cell = cells[column] ?? '';
        const t = parseInt(tag, 16);
        if (cell === '' || /^(00080018|0020000D|0020000E)$/.test(tag)) continue;
        const vr = vrs.split('/')[0] ?? 'LO';
        if (cell === 'K' && vr !== 'SQ' && vr !== 'PN') check('K', t, vr, done);
        else {
          const after = findElement(done.output.elements, t);
          expect(after, `${tag} ${cell}`).toBeDefined();
          if (cell === 'C' && vr === 'DA' && after !== undefined) {
            const moved = new Date(Date.UTC(1999, 6, 21 + shift)).toISOString().slice(0, 10).replaceAll('-', '');
            expect(stringValue(done.output, after), tag).toBe(moved);
          }
          // The words that were planted are nobody's: cleaning leaves them.
          if (cell === 'C' && (vr === 'LO' || vr === 'ST' || vr === 'LT') && after !== undefined) {
            expect(stringValue(done.output, after), tag).toBe(word(t));
          }
        }
      }
    },
  );

  it('does the same at every depth', () => {
    const nest = (elements: readonly ElementSpec[], depth: number): readonly ElementSpec[] =>
      depth === 0 ? elements : [{ tag: '00289110', vr: 'SQ', items: [{ elements: nest(elements, depth - 1) }] }];
    const nested = plain.filter(([, , , basic]) => basic === 'X' || basic === 'Z' || basic === 'U' || basic === 'D');
    const specs = nested
      .map(([tag, , vr]) => sample(parseInt(tag, 16), vr.split('/')[0] || 'LO'))
      .filter((s) => s.items === undefined);
    const done = deidentify(withElements(nest(specs, 3)));
    const leaf = inner(done.output, 0x00289110, 0, 0x00289110, 0, 0x00289110)?.items?.[0];
    const text = Buffer.from(done.bytes).toString('latin1');
    expect(text).not.toMatch(/Qx[aeiou][a-z]/i);
    expect(text).not.toContain('1.2.826.0.1.3680043.10.99.4711');
    for (const [tag, , , basic] of nested) {
      if (basic === 'X')
        expect(
          leaf?.elements.some((e) => e.tag === parseInt(tag, 16)),
          tag,
        ).toBe(false);
    }
  });

  it('resolves compound codes as the table of resolutions says', () => {
    const table = JSON.parse(readFileSync(`${standard}/e1-1-compound-resolution.json`, 'utf8')) as {
      rows: [string, string, string, Record<string, string>, Record<string, string[] | string>][];
    };
    const iods = JSON.parse(readFileSync(`${standard}/iod-modules.json`, 'utf8')) as {
      rows: [string, [string, string][], string[]][];
    };
    let compared = 0;
    for (const [tag, , code, actions, types] of table.rows) {
      for (const [iod, modules, sops] of iods.rows) {
        const sop = sops[0];
        // Functional groups have Types of their own, which the table of resolutions lacks.
        if (sop === undefined || modules.some(([m]) => m.endsWith('multi-frame-functional-groups'))) continue;
        const named = Object.entries(types).find(([, list]) => Array.isArray(list) && list.includes(iod))?.[0];
        if (named === undefined) continue;
        const type = attributeType(parseInt(tag, 16), [], sop);
        expect(resolveCode(code, type), `${tag} ${iod}`).toBe(actions[named]);
        compared++;
      }
    }
    expect(compared).toBeGreaterThan(150);
  });
});

describe('structure', () => {
  it('removes what no dictionary knows, group lengths, private attributes, curves and overlays', () => {
    const { output, plan } = deidentify(
      withElements([
        { tag: '00080000', vr: 'UL', value: 100 },
        { tag: '00090010', vr: 'LO', value: 'ACME' },
        { tag: '00091001', vr: 'LO', value: 'secret' },
        { tag: '00189998', vr: 'LO', value: 'unheard of' },
        { tag: '50023000', vr: 'OW', value: [1, 2] },
        { tag: '50020022', vr: 'LO', value: 'curve' },
        { tag: '60000010', vr: 'US', value: 8 },
        { tag: '60003000', vr: 'OW', value: [1, 2] },
        { tag: '60000022', vr: 'LO', value: 'overlay' },
        { tag: '601E3000', vr: 'OW', value: [1, 2] },
      ]),
    );
    const groups = new Set(output.elements.map((e) => e.tag >>> 16));
    expect([...groups].filter((g) => g % 2 === 1 || g >>> 8 === 0x50 || g >>> 8 === 0x60)).toEqual([]);
    expect(findElement(output.elements, 0x00080000)).toBeUndefined();
    expect(findElement(output.elements, 0x00189998)).toBeUndefined();
    expect(plan.counts['unknown:X']).toBe(1);
    expect(plan.counts['private:X']).toBe(2);
  });

  it('keeps one of duplicates', () => {
    const { output, plan } = deidentify(
      withElements([
        { tag: '00180015', vr: 'CS', value: 'CHEST' },
        { tag: '00180015', vr: 'CS', value: 'DOE' },
        { tag: '00180050', vr: 'DS', value: '1' },
        { tag: '00180015', vr: 'CS', value: 'JANE' },
      ]),
    );
    expect(output.elements.filter((e) => e.tag === 0x00180015)).toHaveLength(1);
    expect(textOf(output, 0x00180015)).toBe('CHEST');
    expect(plan.counts['duplicate:X']).toBe(2);
  });

  it('makes file meta anew and says what was done', () => {
    const { output, plan } = deidentify(
      buildDicom({
        name: 'meta',
        extends: 'ct',
        preamble: 'Jane Doe was here',
        meta: [
          { tag: '00020016', vr: 'AE', value: 'DOES_CT' },
          { tag: '00020102', vr: 'OB', value: { hex: '4a616e65' } },
        ],
        elements: [
          { tag: '00120063', vr: 'LO', value: 'by hand, Dr Foe' },
          { tag: '00280301', vr: 'CS', value: 'YES' },
        ],
      }),
    );
    expect(output.meta.map((e) => hex(e.tag))).toEqual([
      '00020000',
      '00020001',
      '00020002',
      '00020003',
      '00020010',
      '00020012',
      '00020013',
    ]);
    expect(stringValue(output, findElement(output.meta, 0x00020003))).toBe(plan.identity.sopUid);
    expect(textOf(output, 0x00080018)).toBe(plan.identity.sopUid);
    expect(textOf(output, 0x00120062)).toBe('YES');
    expect(textOf(output, 0x00120063)).toContain('Lethe');
    expect(textOf(output, 0x00120063)).not.toContain('Foe');
    expect(textOf(output, 0x00280303)).toBe('REMOVED');
    expect(textOf(output, 0x00280301)).toBe('YES');
    const codes = findElement(output.elements, 0x00120064)?.items?.map((i) => stringValue(output, i.elements[0]));
    expect(codes).toEqual(['113100', '113101']);
    expect(implementationVersionName).toBe(`LETHE_${program.version.replaceAll('.', '_')}`);
  });

  it('writes the code of every option', () => {
    for (const option of profileOptions) {
      const { output } = deidentify(withElements([]), withOptions(option.name));
      const codes = findElement(output.elements, 0x00120064)?.items?.map((i) => stringValue(output, i.elements[0]));
      expect(codes).toEqual(['113100', option.code].sort());
    }
  });

  it('says NO to burned-in annotation once it was redacted', () => {
    const bytes = withElements([{ tag: '00280301', vr: 'CS', value: 'YES' }]);
    const file = parsed(bytes);
    const plan = makePlan(file, basicProfile, { key, identity: collectIdentity(file, '') }, { regionsRedacted: true });
    const output = parsed(joinParts(writeDicom(file, plan), bytes));
    expect(textOf(output, 0x00280301)).toBe('NO');
    expect(plan.rows().find((r) => r.tag === 0x00280301)).toMatchObject({ before: 'YES', after: 'NO', changed: true });
  });

  it('cleans sequences within UN', () => {
    const items: ItemSpec[] = [{ elements: [{ tag: '00100010', vr: 'PN', value: 'Deep^Throat' }] }];
    for (const undefinedLength of [false, true]) {
      const { bytes, output } = deidentify(
        withElements([{ tag: '00082218', vr: 'UN', items, undefinedLength, itemEncoding: 'implicit-le' }]),
      );
      expect(Buffer.from(bytes).toString('latin1')).not.toContain('Deep');
      expect(findElement(output.elements, 0x00082218)?.items).toHaveLength(1);
    }
  });

  it.each(['1.2.840.10008.1.2', '1.2.840.10008.1.2.1', '1.2.840.10008.1.2.2', '1.2.840.10008.1.2.1.99'])(
    'plans the same in %s',
    (transferSyntax) => {
      const elements: ElementSpec[] = [
        { tag: '00081140', vr: 'SQ', items: [{ elements: [{ tag: '00204000', vr: 'LT', value: 'Planted' }] }] },
      ];
      const plain = deidentify(withElements(elements)).plan;
      const other = deidentify(withElements(elements, { transferSyntax })).plan;
      const shape = (plan: Plan): unknown => plan.rows().map((r) => [r.tag, r.action, r.rule.source, r.after]);
      expect(shape(other)).toEqual(shape(plain));
      expect(other.counts).toEqual(plain.counts);
    },
  );

  it('gives an instance without a UID one that file meta agrees with', () => {
    const bytes = buildDicom({
      name: 'no uid',
      meta: false,
      elements: [
        { tag: '00080016', vr: 'UI', value: ctClass },
        { tag: '00100010', vr: 'PN', value: 'X^Y' },
      ],
    });
    const { output, plan } = deidentify(bytes);
    expect(plan.identity.sopUid).toMatch(/^2\.25\.\d+$/);
    expect(textOf(output, 0x00080018)).toBe(plan.identity.sopUid);
  });
});

describe('values', () => {
  it('maps every UID that is not the standard’s, keeps classes', () => {
    const { output } = deidentify(
      withElements([
        {
          tag: '00081115',
          vr: 'SQ',
          items: [
            {
              elements: [
                { tag: '0020000E', vr: 'UI', value: '1.2.3.4.5' },
                {
                  tag: '00081199',
                  vr: 'SQ',
                  items: [
                    {
                      elements: [
                        { tag: '00081150', vr: 'UI', value: '1.2.840.113619.4.26' },
                        { tag: '00081155', vr: 'UI', value: '1.2.3.4.6' },
                      ],
                    },
                  ],
                },
              ],
            },
          ],
        },
        { tag: '00083010', vr: 'UI', value: ['1.2.3.4.7', '1.2.840.10008.1.4.1.1'] },
        { tag: '0018991E', vr: 'UI', value: '1.2.3.4.8' },
      ]),
    );
    const at = (...path: Tag[]): string => stringValue(output, inner(output, ...path));
    expect(at(0x00081115, 0, 0x0020000e)).toBe(remapUid(key, '1.2.3.4.5'));
    expect(at(0x00081115, 0, 0x00081199, 0, 0x00081150)).toBe('1.2.840.113619.4.26');
    expect(at(0x00081115, 0, 0x00081199, 0, 0x00081155)).toBe(remapUid(key, '1.2.3.4.6'));
    expect(textOf(output, 0x00083010)).toBe(`${remapUid(key, '1.2.3.4.7')}\\1.2.840.10008.1.4.1.1`);
    expect(textOf(output, 0x0018991e)).toBe(remapUid(key, '1.2.3.4.8'));
  });

  it('sweeps text that the table leaves alone, and nothing else', () => {
    const { output } = deidentify(
      withElements([
        { tag: '00080008', vr: 'CS', value: ['ORIGINAL', 'PRIMARY', 'PLANTED', 'AXIAL'] },
        { tag: '00180022', vr: 'CS', value: ['HELICAL', 'PID774411'] },
        { tag: '00180010', vr: 'LO', value: '' },
        { tag: '00181210', vr: 'SH', value: 'B31f' },
        { tag: '00081090', vr: 'LO', value: 'Scanner of Patricia Planted' },
        { tag: '00180015', vr: 'CS', value: 'CHEST' },
        { tag: '00080104', vr: 'LO', value: 'seen 1961-02-23' },
        { tag: '00189074', vr: 'DT', value: '' },
        { tag: '00181020', vr: 'LO', value: 'VB10A 04.01.10' },
        { tag: '00181160', vr: 'SH', value: 'Planted' },
      ]),
    );
    expect(textOf(output, 0x00080008)).toBe('ORIGINAL\\PRIMARY\\ANONYMIZED\\AXIAL');
    expect(textOf(output, 0x00180022)).toBe('HELICAL\\ANONYMIZED');
    expect(textOf(output, 0x00081090)).toBe('Scanner of ***');
    expect(textOf(output, 0x00080104)).toBe('seen ***');
    expect(textOf(output, 0x00181160)).toBe('***');
    expect(textOf(output, 0x00180015)).toBe('CHEST');
    expect(textOf(output, 0x00181210)).toBe('B31f');
    expect(textOf(output, 0x00181020)).toBe('VB10A 04.01.10');
  });

  it('writes cleaned text in the file’s character set', () => {
    const bytes = buildDicom({
      name: 'utf8',
      extends: 'ct',
      elements: [
        { tag: '00080005', vr: 'CS', value: 'ISO_IR 192' },
        { tag: '00100010', vr: 'PN', value: { utf8: 'Zhang^Xiaoming=张^晓明' } },
        { tag: '00081090', vr: 'LO', value: { utf8: '张晓明 胸部' } },
        { tag: '00080070', vr: 'LO', value: { utf8: 'Firma für Geräte, ZHANG XiaoMing' } },
      ],
    });
    const { output } = deidentify(bytes);
    expect(textOf(output, 0x00081090)).toBe('*** 胸部');
    expect(textOf(output, 0x00080070)).toBe('Firma für Geräte, ***');
  });

  it('finds names that the declared character set garbles', () => {
    const { output } = deidentify(
      buildDicom({
        name: 'wrong set',
        extends: 'ct',
        elements: [
          { tag: '00080005', vr: 'CS', value: 'ISO_IR 192' },
          { tag: '00100010', vr: 'PN', value: { utf8: 'Müller^Jürgen' } },
          { tag: '00081090', vr: 'LO', value: 'Müller' },
        ],
      }),
    );
    expect(textOf(output, 0x00081090) ?? '').not.toMatch(/ller/);
  });

  it('takes text out of numbers, dates and binary values', () => {
    const { output } = deidentify(
      withElements([
        { tag: '00181100', vr: 'DS', value: 'PLANTED' },
        { tag: '00189073', vr: 'FD', value: 1.5 },
        { tag: '00280010', vr: 'US', value: 8 },
        { tag: '00080020', vr: 'DA', value: 'PATRICIA' },
        { tag: '00700256', vr: 'OB', value: 'Patricia Planted' },
      ]),
      withOptions('retainLongitudinalFull'),
    );
    expect(textOf(output, 0x00181100)).toBe('0');
    expect(textOf(output, 0x00080020)).toBe('20000101');
    expect(findElement(output.elements, 0x00700256)).toBeUndefined();
    expect(findElement(output.elements, 0x00189073)).toBeDefined();
  });

  it('retains safe private attributes with their creator, and no others', () => {
    const elements: ElementSpec[] = [
      { tag: '00190010', vr: 'LO', value: 'SIEMENS MR HEADER' },
      { tag: '0019100C', vr: 'IS', value: '1000' },
      { tag: '00191099', vr: 'LO', value: 'unsafe' },
      { tag: '00190011', vr: 'LO', value: 'SIEMENS MR HEADERS' },
      { tag: '0019110C', vr: 'IS', value: '1000' },
    ];
    const { output } = deidentify(withElements(elements), withOptions('retainSafePrivate'));
    const tags = output.elements.map((e) => hex(e.tag)).filter((t) => t.startsWith('0019'));
    expect(tags).toEqual(['00190010', '0019100C']);
    const none = deidentify(withElements(elements)).output;
    expect(none.elements.some((e) => e.tag >>> 16 === 0x19)).toBe(false);
  });

  it('caps ages that are kept', () => {
    const at = (age: string): string | undefined =>
      textOf(
        deidentify(
          withElements([{ tag: '00101010', vr: 'AS', value: age }]),
          withOptions('retainPatientCharacteristics'),
        ).output,
        0x00101010,
      );
    expect(at('089Y')).toBe('089Y');
    expect(at('091Y')).toBe('090Y');
    expect(at('999W')).toBe('999W');
    expect(at('OLD')).toBe('');
  });

  it('obeys overrides', () => {
    const profile: Profile = {
      ...basicProfile,
      overrides: [
        { tag: '00081030', action: 'K' },
        { tag: '00180050', action: 'X' },
        { tag: '00180060', action: 'D', value: '100' },
        { tag: '0009xx01', action: 'K' },
      ],
    };
    const { output, plan } = deidentify(
      withElements([
        { tag: '00081030', vr: 'LO', value: 'Planted study' },
        { tag: '00090010', vr: 'LO', value: 'ACME' },
        { tag: '00091001', vr: 'LO', value: 'kept' },
      ]),
      profile,
    );
    expect(textOf(output, 0x00081030)).toBe('Planted study');
    expect(textOf(output, 0x00180050)).toBeUndefined();
    expect(textOf(output, 0x00180060)).toBe('100');
    expect(findElement(output.elements, 0x00091001)).toBeDefined();
    expect(plan.rows().find((r) => r.tag === 0x00180050)?.rule.source).toBe('override');
  });
});

describe('text where the standard has no room for any', () => {
  const text = (bytes: Uint8Array): string => Buffer.from(bytes).toString('latin1');

  it('stays out of Specific Character Set, whose terms stay', () => {
    const set = (value: string): Uint8Array => withElements([{ tag: '00080005', vr: 'CS', value }]);
    expect(text(deidentify(set('LUMLUMHYNFEX')).bytes)).not.toContain('LUMLUMHYNFEX');
    const some = deidentify(set('\\ISO 2022 IR 87\\LUMLUM'));
    expect(text(some.bytes)).toContain('\\ISO 2022 IR 87');
    expect(text(some.bytes)).not.toContain('LUMLUM');
    for (const known of ['ISO_IR 192', 'GB18030', 'iso-ir 100', '\\ISO 2022 IR 149'])
      expect(text(deidentify(set(known)).bytes)).toContain(known);
  });

  it('stays out of numbers beyond those that an attribute can have', () => {
    const value = { hex: `1000${Buffer.from('Hynquozelzel was here').toString('hex')}00` };
    const { output, bytes } = deidentify(withElements([{ tag: '00280100', vr: 'US', value }]));
    expect(text(bytes)).not.toContain('Hynquozel');
    const element = findElement(output.elements, 0x00280100);
    expect(element === undefined ? [] : numberValues(output, element)).toEqual([16]);
    const many = deidentify(withElements([{ tag: '00280009', vr: 'AT', value: [0x00181063, 0x00181065] }]));
    expect(findElement(many.output.elements, 0x00280009)).toMatchObject({ vr: 'AT' });
  });

  it('an instance is mapped where a class is named', () => {
    const own = '1.3.6.1.4.1.99999.1.3.770014';
    const site = '1.3.6.1.4.1.99999.20';
    const { output, bytes } = deidentify(
      withElements([
        { tag: '00080018', vr: 'UI', value: own },
        { tag: '00080118', vr: 'UI', value: own },
        { tag: '0008010C', vr: 'UI', value: site },
      ]),
    );
    expect(text(bytes)).not.toContain(own);
    expect(textOf(output, 0x00080118)).toBe(textOf(output, 0x00080018));
    expect(textOf(output, 0x0008010c)).toBe(site);
  });
});

describe('structured content', () => {
  const code = (value: string, scheme: string, meaning: string): ItemSpec => ({
    elements: [
      { tag: '00080100', vr: 'SH', value },
      { tag: '00080102', vr: 'SH', value: scheme },
      { tag: '00080104', vr: 'LO', value: meaning },
    ],
  });
  const item = (type: string, concept: ItemSpec, ...value: ElementSpec[]): ItemSpec => ({
    elements: [
      { tag: '0040A010', vr: 'CS', value: 'CONTAINS' },
      { tag: '0040A040', vr: 'CS', value: type },
      { tag: '0040A043', vr: 'SQ', items: [concept] },
      ...value,
    ],
  });
  const report = (...items: ItemSpec[]): Uint8Array =>
    buildDicom({
      name: 'report',
      extends: 'report',
      elements: [
        { tag: '0040A040', vr: 'CS', value: 'CONTAINER' },
        { tag: '0040A730', vr: 'SQ', items },
      ],
    });
  const finding = item('TEXT', code('121071', 'DCM', 'Finding'), {
    tag: '0040A160',
    vr: 'UT',
    value: 'Patricia Planted has a nodule',
  });
  const accession = item('TEXT', code('121022', 'DCM', 'Accession Number'), {
    tag: '0040A160',
    vr: 'UT',
    value: 'ACC20190412',
  });
  const observer = item('PNAME', code('121008', 'DCM', 'Person Observer Name'), {
    tag: '0040A123',
    vr: 'PN',
    value: 'Watcher^Will',
  });
  const size = item('NUM', code('G-D705', 'SRT', 'Size'), {
    tag: '0040A300',
    vr: 'SQ',
    items: [{ elements: [{ tag: '0040A30A', vr: 'DS', value: '17.3' }] }],
  });
  const studyDate = item('DATE', code('111060', 'DCM', 'Study Date'), { tag: '0040A121', vr: 'DA', value: '20190412' });

  it('drops, replaces and cleans items by concept', () => {
    const { output, bytes } = deidentify(report(finding, accession, observer, size, studyDate), readyProfiles.research);
    const items = findElement(output.elements, 0x0040a730)?.items ?? [];
    expect(items).toHaveLength(4);
    const value = (index: number, tag: Tag): string =>
      stringValue(output, findElement(items[index]?.elements ?? [], tag));
    expect(value(0, 0x0040a160)).toBe('*** has a nodule');
    expect(value(1, 0x0040a123)).toBe('ANONYMIZED');
    expect(Buffer.from(bytes).toString('latin1')).toContain('17.3');
    expect(value(3, 0x0040a121)).toMatch(/^20(1[4-9])\d{4}$/);
    expect(value(3, 0x0040a121)).not.toBe('20190412');
  });

  it('leaves nothing people wrote in the Basic Profile, and every measurement', () => {
    const { output, bytes } = deidentify(report(finding, accession, observer, size));
    const text = Buffer.from(bytes).toString('latin1');
    expect(text).not.toMatch(/nodule|Planted|Watcher|ACC2019/);
    expect(text).toContain('17.3');
    expect(findElement(output.elements, 0x0040a730)?.items).toHaveLength(3);
  });

  it('knows concepts by the codes that older objects write', () => {
    const history = (value: string, scheme: string): ItemSpec =>
      item('TEXT', code(value, scheme, 'Social History'), { tag: '0040A160', vr: 'UT', value: 'smokes' });
    const kept = (content: ItemSpec): number =>
      findElement(deidentify(report(size, content)).output.elements, 0x0040a730)?.items?.length ?? 0;
    expect(kept(history('160476009', 'SCT'))).toBe(1);
    expect(kept(history('F-02455', 'SRT'))).toBe(1);
    expect(kept(history('F-02455', 'SNM3'))).toBe(1);
    // The same letters in another scheme mean something else: not listed, so its text is a dummy and the item stays.
    expect(kept(history('F-02455', '99SITE'))).toBe(2);
  });

  it('keeps positions where items refer to each other by position', () => {
    const referring = item('SCOORD', code('111030', 'DCM', 'Region'), { tag: '0040DB73', vr: 'UL', value: [1, 3] });
    const { output, bytes } = deidentify(report(accession, finding, referring), readyProfiles.research);
    expect(findElement(output.elements, 0x0040a730)?.items).toHaveLength(3);
    expect(Buffer.from(bytes).toString('latin1')).not.toContain('ACC2019');
  });
});

describe('rows and originals', () => {
  it('shows every element once, sequences above what they hold', () => {
    const { plan, input } = deidentify(
      withElements([
        { tag: '00081115', vr: 'SQ', items: [{ elements: [{ tag: '0020000E', vr: 'UI', value: '1.2.3.4.5' }] }] },
        { tag: '00101002', vr: 'SQ', items: [{ elements: [{ tag: '00100020', vr: 'LO', value: 'OTHER-1' }] }] },
      ]),
    );
    const rowsOf = plan.rows();
    const count = (elements: readonly DicomElement[]): number =>
      elements.reduce((n, e) => n + 1 + (e.items ?? []).reduce((m, i) => m + count(i.elements), 0), 0);
    const added = rowsOf.filter((r) => r.before === undefined).length;
    expect(rowsOf).toHaveLength(count(input.elements) + added);
    for (const row of rowsOf) {
      if (row.depth === 0) continue;
      const parent = rowsOf.findIndex((r) => r.depth === row.depth - 1 && r.tag === row.path[row.depth - 1]?.tag);
      expect(parent).toBeLessThan(rowsOf.indexOf(row));
    }
    expect(rowsOf.find((r) => r.tag === 0x00100010)).toMatchObject({
      before: 'Planted^Patricia',
      after: plan.identity.patientId,
    });
    expect(rowsOf.find((r) => r.depth === 1 && r.tag === 0x00100020)).toMatchObject({ action: 'X', before: 'OTHER-1' });
  });

  it('lists what must not be found, and nothing that has a right to be there', () => {
    const { plan } = deidentify(
      withElements([
        { tag: '00081030', vr: 'LO', value: 'CHEST' },
        { tag: '0008103E', vr: 'LO', value: 'for Quentin only' },
        { tag: '00180015', vr: 'CS', value: 'CHEST' },
        { tag: '00101000', vr: 'LO', value: 'OLD-99881' },
      ]),
    );
    const originals = plan.originals();
    expect(originals).toEqual(
      expect.arrayContaining(['Planted^Patricia', 'PID-774411', '19610223', 'OLD-99881', 'for Quentin only']),
    );
    expect(originals).not.toContain('CHEST');
    for (const value of originals) expect(value.length).toBeGreaterThan(3);
  });

  it('is pure: the same plan every time', () => {
    const bytes = withElements([]);
    const file = parsed(bytes);
    const identity = collectIdentity(file, 'x');
    const a = makePlan(file, basicProfile, { key, identity });
    const b = makePlan(file, basicProfile, { key: key.slice(), identity: structuredClone(identity) });
    expect(b.dataSet).toEqual(a.dataSet);
    expect(b.meta).toEqual(a.meta);
    expect(b.identity).toEqual(a.identity);
  });
});

describe('maximum', () => {
  it('leaves no free text and everything that shows the image', () => {
    const { output, bytes } = deidentify(
      withElements([
        { tag: '00080070', vr: 'LO', value: 'Anything can stand here' },
        { tag: '00181020', vr: 'LO', value: 'or here' },
        { tag: '00080008', vr: 'CS', value: ['ORIGINAL', 'PRIMARY', 'QUIXOTE'] },
        { tag: '00082218', vr: 'SQ', items: [{ elements: [{ tag: '00080104', vr: 'LO', value: 'or there' }] }] },
        { tag: '00281050', vr: 'DS', value: '40' },
      ]),
      readyProfiles.maximum,
    );
    expect(Buffer.from(bytes).toString('latin1')).not.toMatch(/Anything|or here|or there|QUIXOTE/);
    for (const tag of [
      0x00280010, 0x00280030, 0x00200032, 0x00200037, 0x00281052, 0x00281050, 0x7fe00010, 0x00080016,
    ]) {
      expect(findElement(output.elements, tag), lookup(tag)?.name).toBeDefined();
    }
    for (const e of output.elements) {
      if (['LO', 'ST', 'LT', 'UT', 'UC'].includes(e.vr) && isTextVr(e.vr) && e.tag !== 0x00120063) {
        expect(textValue(output, e), hex(e.tag)).toMatch(/^(|ANONYMIZED|ANON-\w+)$/);
      }
    }
  });
});
