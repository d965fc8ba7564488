import { describe, expect, it } from 'vitest';
import { profileOptions } from '../../core/deid/options/index';
import { readProfile, writeProfile } from './profile-file';
import { cleaningOptions, own, readyNames, readyProfiles, retainingOptions, withOption } from './ready-profiles';

describe('ready profiles', () => {
  it('are read back as they were written', () => {
    for (const name of readyNames) expect(readProfile(writeProfile(readyProfiles[name]))).toEqual(readyProfiles[name]);
  });

  it('carry their own name, and lose it when changed', () => {
    for (const name of readyNames) expect(own(readyProfiles[name]).name).toBe(name);
    expect(withOption(readyProfiles.basic, 'retainUids', true).name).toBe('custom');
    const back = withOption(withOption(readyProfiles.basic, 'retainUids', true), 'retainUids', false);
    expect(back.name).toBe('basic');
  });

  it('offer every option once', () => {
    expect([...cleaningOptions, ...retainingOptions].sort()).toEqual(profileOptions.map((o) => o.name).sort());
  });

  it('never hold options that contradict each other', () => {
    const both = withOption(
      withOption(readyProfiles.basic, 'retainLongitudinalFull', true),
      'retainLongitudinalModified',
      true,
    );
    expect(both.options).not.toContain('retainLongitudinalFull');
  });

  it('refuse what is no profile', () => {
    for (const text of ['', '{}', '[]', 'null', '{"schema":"lethe-profile/1"}']) expect(readProfile(text)).toBeNull();
  });
});
