import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { judge } from './policy';
import { isMarker, isMeasurement, isTechnical } from './technical';

const labels = [
  'Depth',
  'Gain',
  'PRF',
  'Zoom',
  'TR',
  'TE',
  'MI',
  'TIS',
  'FOV',
  'HR',
  'Vmax',
  'DR',
  'kV',
  'mAs',
  'Slice',
];
const units = ['mm', 'cm', 'dB', 'Hz', 'kHz', 'MHz', 'ms', '%', 'bpm', 'm/s', 'cm/s', 'kV', 'mA', 'cm2', 'deg'];
const value = fc.oneof(
  fc.integer({ min: 0, max: 999 }).map(String),
  fc.integer({ min: 1, max: 99 }).map((n) => (n / 10).toFixed(1)),
);

describe('measurements, whatever their numbers', () => {
  it('are technical as name and value, value and unit, or all three, with or without spaces', () => {
    const glue = fc.constantFrom(' ', ': ', '=', '');
    fc.assert(
      fc.property(
        fc.constantFrom(...labels),
        glue,
        value,
        fc.constantFrom('', ...units),
        (label, between, number, unit) => {
          expect(isTechnical(`${label}${between}${number}${unit}`)).toBe(true);
        },
      ),
    );
    fc.assert(
      fc.property(value, fc.constantFrom(...units), fc.constantFrom('', ' '), (number, unit, space) => {
        expect(isMeasurement(`${number}${space}${unit}`) || number.length + unit.length < 3).toBe(true);
      }),
    );
  });

  it('are told by a relation to a fraction, a part of a hundred or a value with its unit, whatever their name', () => {
    for (const text of ['HI=0. 8', 'A0=100%', 'QX<0.4', 'ZK = 12 cm', 'T1S<0. 4 HI=0. 8 A0=100%'])
      expect(isTechnical(text)).toBe(true);
    for (const text of ['ID=4711', 'PID = 123456', 'NR=12', 'DOB=1.2.1970', 'QX=12.3456'])
      expect(isTechnical(text)).toBe(false);
  });

  it('are told by units misread right behind a number, and only there', () => {
    for (const text of ['10rm', '1.06crn', '28H2', '2.7MH2', '60d8', 'Abdom.10rm'])
      expect(isMeasurement(text)).toBe(true);
    for (const text of ['rm', 'RM 12', '12 MRN', '4711MRN', 'Nm', 'H2 Chen', 'Ern', '10 Ern'])
      expect(isTechnical(text)).toBe(false);
    for (const text of ['Hz Chen', 'T. Gain', 'Dr. mm', 'Dr. Long', 'Mr. Max', 'MM Weber'])
      expect(judge({ score: 1, text, textScore: 0.99 }, { policy: 'identifying-and-unknown', keep: [] }).action).toBe(
        'redact',
      );
    for (const text of ['DR. 60', 'DR 60 dB', 'T1 Gain 5'])
      expect(judge({ score: 1, text, textScore: 0.99 }, { policy: 'identifying-and-unknown', keep: [] }).action).toBe(
        'keep',
      );
  });

  it('survive letters that the recogniser confuses and spaces that it drops', () => {
    for (const text of ['GA1N 40', 'DEPTH l2 cm', 'Z0OM 1.5', 'PERS1ST 2', 'XVC3', '65dBT1', 'FR28HzGn40']) {
      const judged = judge({ score: 0.9, text, textScore: 0.95 }, { policy: 'identifying-and-unknown', keep: [] });
      expect([text, judged.action]).toEqual([text, 'keep']);
    }
  });
});

const people =
  'smith johnson williams brown jones garcia miller davis rodriguez martinez hernandez lopez gonzalez wilson anderson thomas taylor moore jackson martin lee perez thompson white harris sanchez clark ramirez lewis robinson walker young allen king wright torres nguyen hill flores green adams nelson baker hall rivera campbell mitchell roberts meyer weber schulz becker hoffmann wagner keller fischer bauer richter klein wolf neumann schwarz braun kruger hartmann lange werner krause lehmann maier kohler kaiser fuchs lang scholz ivanov petrov tanaka suzuki sato kim park choi wang zhang chen liu huang rossi russo ferrari bianchi dubois moreau laurent simon michel leroy mary john anna maria peter paul james robert linda susan karen'.split(
    ' ',
  );

describe('people', () => {
  it('are never taken for words of the trade, however they are written and whatever follows', () => {
    for (const name of people)
      for (const text of [name, name.toUpperCase(), `${name} 45`, `${name}45`, `${name} 4711`, `${name}=45`]) {
        expect([text, isTechnical(text)]).toEqual([text, false]);
        expect([text, isMarker(text)]).toEqual([text, false]);
      }
  });

  it('are not cleared by a misread number: what is not certain and has no unit goes', () => {
    const judging = { policy: 'identifying-and-unknown', keep: [] } as const;
    expect(judge({ score: 0.9, text: '20Hz', textScore: 0.78 }, judging).action).toBe('keep');
    for (const text of ['L', '45', 'left', 'Gain'])
      expect(judge({ score: 0.9, text, textScore: 0.78 }, judging).action).toBe('redact');
  });
});
