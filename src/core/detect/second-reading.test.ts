import { describe, expect, it } from 'vitest';
import { drawInk, paint } from '../../../scripts/model/drawn-text';
import type { TextImage } from './image';
import { agreed, sheetOf, wantsSecond } from './second-reading';

const line = { center: { x: 50, y: 20 }, width: 80, height: 14, angle: 0 };
const read = (text: string, score = 0.92) => ({ text, score });

describe('a second reading', () => {
  it('rescues a measurement that was nearly read', () => {
    for (const [first, second] of [
      ['2.7MH', '2.7MHZ'],
      ['Abdom.1Orrn', 'Abdom.10mm'],
      ['G4IN 82', 'GAIN 82'],
      ['Oepth 14 cm', 'Depth 14 cm'],
      ['1O.5 crn', '10.5 cm'],
    ] as const)
      expect(agreed(read(first, 0.86), [read(second)])).toEqual(read(second));
  });

  it('never makes one of what may be a name, a number or a date', () => {
    for (const [first, second] of [
      // Reads too differently.
      ['Meier 82', 'GAIN 82'],
      ['Hz Chen', '42 Hz'],
      ['MM', '11 mm'],
      ['T. Gain', 'T1 Gain 5'],
      ['9261', '92 61 cm'],
      ['Dr. mm', 'DR 11'],
      // The second is no value with its name or unit.
      ['Smlth', 'Smith'],
      ['92b1', '9261'],
      ['Kovv 12', 'Kow 12'],
      // Not read for certain.
      ['2.7MH', '2.7MHZ', 0.8],
    ] as const)
      expect(agreed(read(first), [read(second, 0.92)].slice(first === '2.7MH' ? 1 : 0))).toEqual(read(first));
    expect(agreed(read('2.7MH'), [read('2.7MHZ', 0.8)])).toEqual(read('2.7MH'));
  });

  it('changes nothing where any of the readings tells of a person', () => {
    const first = read('M 63 cm', 0.8);
    expect(agreed(first, [read('M 63 cm'), read('M 63Y')])).toBe(first);
    expect(agreed(read('1O:3O mm'), [read('10:30 mm'), read('10.30 mm')]).text).toBe('1O:3O mm');
    expect(agreed(read('ID: 12 mm'), [read('10.12 mm')]).text).toBe('ID: 12 mm');
  });

  it('is asked for small upright texts with a digit that are not understood', () => {
    expect(wantsSecond(line, read('2.7MH'))).toBe(true);
    expect(wantsSecond(line, read('GAIN 82', 0.8))).toBe(true);
    expect(wantsSecond(line, read('GAIN 82', 0.95))).toBe(false);
    expect(wantsSecond(line, read('120', 0.95))).toBe(false);
    expect(wantsSecond(line, read('Name: 12'))).toBe(false);
    expect(wantsSecond(line, read('12.03.1962'))).toBe(false);
    expect(wantsSecond(line, read('Weber'))).toBe(false);
    expect(wantsSecond({ ...line, height: 40 }, read('2.7MH'))).toBe(false);
    expect(wantsSecond({ ...line, angle: 0.4 }, read('2.7MH'))).toBe(false);
  });
});

describe('the sheet of enlarged lines', () => {
  const image = { width: 100, height: 40, channels: 1, data: new Uint8Array(4000).fill(20) } satisfies TextImage;
  paint(image, drawInk('2.7MHZ', 'DejaVuSans', 12, 0, false), 12, 14, 180);

  it('shows every line in every way, levelled, none over another', () => {
    const sheet = sheetOf(image, [line, line]);
    if (!sheet) throw new Error('no sheet');
    expect(sheet.lines).toHaveLength(2 * sheet.ways);
    expect(Math.max(...sheet.image.data)).toBeGreaterThan(230);
    const edges = sheet.lines.map(({ center, height }) => [center.y - height / 2, center.y + height / 2] as const);
    edges.slice(1).forEach(([top], i) => expect(top).toBeGreaterThan(edges[i]?.[1] ?? Infinity));
    expect(edges.at(-1)?.[1]).toBeLessThanOrEqual(sheet.image.height);
    expect(sheet.lines.map(({ width }) => width)).toEqual([320, 240, 320, 240]);
  });

  it('is as dark beyond the edge as the background, bounded, and nothing for no lines', () => {
    const edge = sheetOf(image, [{ ...line, center: { x: 10, y: 4 } }]);
    expect(edge?.image.data[8 * (edge.image.width || 1) + 8]).toBe(0);
    expect(sheetOf(image, [])).toBeNull();
    expect(
      sheetOf(
        image,
        Array.from({ length: 90 }, () => line),
      )?.lines,
    ).toHaveLength(80);
  });
});
