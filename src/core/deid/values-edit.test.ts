import { describe, expect, it } from 'vitest';
import { isNumeric } from './values-edit';

describe('isNumeric', () => {
  it('knows numbers as they are written', () => {
    for (const text of [
      '0',
      '-1.5',
      ' 3 ',
      '1.5e-3',
      '.5',
      '5.',
      '1,5',
      '1\\2\\3.25',
      '1\\\\2',
      '',
      'NaN',
      '-inf',
      '2\0',
    ])
      expect(isNumeric(text), text).toBe(true);
  });

  it('takes UIDs, dates and numbers in a row for what they are', () => {
    for (const text of [
      '1.3.6.1.4.1.99999.10.4.5',
      '1961-04-12',
      '12.03.1961',
      '079 1632 960417',
      '4e5e6',
      '1\\1.2.3',
      'MR 12',
    ])
      expect(isNumeric(text), text).toBe(false);
  });
});
