import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isDate, shiftDa, shiftDt } from './dates';
import { dateShift, pseudonym, remapUid } from './identifiers';
import { basicProfile } from './profile';

const key = new Uint8Array(32).fill(3);
const other = new Uint8Array(32).fill(4);
const range = (min: number, max: number, wholeWeeks = false) => ({ dates: { shiftDays: { min, max }, wholeWeeks } });

describe('UIDs', () => {
  it('are valid, repeatable, and different under another key', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(99999), { minLength: 3, maxLength: 9 }), (parts) => {
        const uid = `1.${parts.join('.')}`;
        const mapped = remapUid(key, uid);
        expect(mapped).toMatch(/^2\.25\.(0|[1-9]\d{0,38})$/);
        expect(remapUid(key.slice(), `${uid}\0`)).toBe(mapped);
        expect(remapUid(other, uid)).not.toBe(mapped);
      }),
    );
  });

  it('follow a key that is overwritten in place', () => {
    const changing = key.slice();
    const before = remapUid(changing, '1.2.3');
    changing[31] = 99;
    expect(remapUid(changing, '1.2.3')).not.toBe(before);
  });
});

describe('shifts', () => {
  it('lie in the range, are never 0, and whole weeks where asked', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: -400, max: 0 }),
        fc.integer({ min: 8, max: 400 }),
        fc.string(),
        fc.boolean(),
        (min, max, who, weeks) => {
          const shift = dateShift(key, who, range(min, max, weeks));
          expect(shift).not.toBe(0);
          expect(shift).toBeGreaterThanOrEqual(min);
          expect(shift).toBeLessThanOrEqual(max);
          if (weeks) expect(Math.abs(shift % 7)).toBe(0);
        },
      ),
    );
  });

  it('are not 0 even where a hand-made profile allows nothing else', () => {
    expect(dateShift(key, 'x', range(0, 0))).not.toBe(0);
    expect(dateShift(key, 'x', range(1, 3, true))).not.toBe(0);
  });

  it('keep intervals, partial dates, fractions and time zones', () => {
    const day = fc.date({ min: new Date('1900-01-01'), max: new Date('2100-12-31'), noInvalidDate: true });
    const da = (d: Date): string => d.toISOString().slice(0, 10).replaceAll('-', '');
    const ms = (t: string): number => Date.UTC(Number(t.slice(0, 4)), Number(t.slice(4, 6)) - 1, Number(t.slice(6)));
    fc.assert(
      fc.property(day, day, fc.integer({ min: -3000, max: 3000 }), (a, b, shift) => {
        const x = shiftDa(da(a), shift) ?? '';
        const y = shiftDa(da(b), shift) ?? '';
        expect(ms(x) - ms(y)).toBe(ms(da(a)) - ms(da(b)));
        expect(shiftDa(x, -shift)).toBe(da(a));
      }),
    );
    expect(shiftDt('20190507101530.123456+0200', -10)).toBe('20190427101530.123456+0200');
    expect(shiftDt('2019', -10)).toBe('2019');
    expect(shiftDt('201905', -31)).toBe('201904');
    expect(shiftDa('2019.05.07', 1)).toBe('2019.05.08');
    expect(shiftDa('20190507-20190509', 1)).toBe('20190508-20190510');
    for (const bad of ['', 'JANE', '20191301', '20190230', '00000000', '2019-05-07x'])
      expect(shiftDa(bad, 1)).toBeUndefined();
    for (const bad of ['20190507T10', 'Doe', '2019050']) expect(shiftDt(bad, 1)).toBeUndefined();
  });

  it('knows the calendar', () => {
    expect(isDate(2000, 2, 29)).toBe(true);
    expect(isDate(1900, 2, 29)).toBe(false);
  });
});

describe('pseudonyms', () => {
  it('follow the pattern and differ between patients', () => {
    const seen = new Set<string>();
    for (let i = 0; i < 5000; i++) seen.add(pseudonym(key, `p${i}`, basicProfile));
    expect(seen.size).toBe(5000);
    expect(pseudonym(key, 'p1', basicProfile)).toMatch(/^ANON-[0-9A-HJKMNP-TV-Z]{12}$/);
    expect(pseudonym(key, 'p1', { patient: { pseudonym: 'SITE1' } })).toMatch(/^SITE1\w{12}$/);
    expect(pseudonym(key, 'p1', { patient: { pseudonym: 'S{n}' } })).not.toContain('{');
  });
});
