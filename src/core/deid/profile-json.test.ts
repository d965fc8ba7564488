import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { profileOptions } from './options';
import { formatProfile, parseProfile } from './profile-json';
import { readyProfileNames, readyProfiles } from './profiles';

const text = formatProfile(readyProfiles.basic);
const changed = (from: string, to: string): string => {
  expect(text).toContain(from);
  return text.replace(from, to);
};
const message = (source: string): string => {
  const result = parseProfile(source);
  return result.ok ? 'ok' : `${result.message} @ ${result.where ?? ''}`;
};

describe('profile documents', () => {
  it.each(readyProfileNames)('%s comes back as it went', (name) => {
    expect(parseProfile(formatProfile(readyProfiles[name]))).toEqual({ ok: true, value: readyProfiles[name] });
  });

  it.each([
    ['{"schema": 1', /not valid JSON \(line 1\)/],
    [changed('"basic"', '"basic",\n  "name": "again"'), /key twice \(line 4\)/],
    [changed('"cleanPixelData"', '"cleanPixels"'), /"options\.0" in the profile \(line 5\) has to be one of/],
    [changed('"min": -1825', '"min": 1.5'), /"dates\.shiftDays\.min" in the profile \(line \d+\) has to be whole days/],
    [changed('"min": -1825', '"min": 10'), /"dates\.shiftDays" in the profile .* min that is greater/],
    [changed('"wholeWeeks": false', '"wholeWeeks": 1'), /line \d+\) has to be true or false/],
    [
      changed('"overrides": []', '"overrides": [{"tag": "0010", "action": "X"}]'),
      /"overrides\.0\.tag" .* eight hexadecimal/,
    ],
    [changed('"overrides": []', '"overrides": [{"tag": "00100010", "action": "Q"}]'), /one of X, Z, D, K, C, U/],
    [changed('"ANON-{h}"', '"A{x}"'), /placeholders/],
    [changed('"allowListOnly"', '"allowListOnli"'), /exactly the keys|Invalid key/],
    [
      changed('"cleanPixelData"', '"retainLongitudinalFull", "retainLongitudinalModified"'),
      /only one of retainLongitudinalFull/,
    ],
    [
      changed('"min": -1825', '"min": -31')
        .replace('"max": -30', '"max": -29')
        .replace('"wholeWeeks": false', '"wholeWeeks": true'),
      /no whole week/,
    ],
    ['[]', /in the profile/],
    ['', /not valid JSON/],
    ['['.repeat(5000), /not valid JSON/],
  ])('says what is wrong %#', (source, expected) => {
    expect(message(source)).toMatch(expected);
    const result = parseProfile(source);
    expect(result.ok ? '' : result.code).toBe('bad-profile');
  });

  it('has a published schema with every option', () => {
    const path = `${process.cwd()}/public/schema/profile.schema.json`;
    expect(existsSync(path)).toBe(true);
    const schema = readFileSync(path, 'utf8');
    for (const option of profileOptions) expect(schema).toContain(`"${option.name}"`);
  });
});
