import { describe, expect, it } from 'vitest';
import { readyProfiles } from '../deid/profiles';
import { afterWrong, isLocked, isPin, makePin, unlocked } from './pin';
import { readKioskPolicy } from './policy';
import { profileNames } from './profile-names';
import { kioskActions, may, roles, type KioskAction } from './roles';
import { policyOf } from './support';

describe('roles', () => {
  // The whole matrix: a change here is a change of what people may do.
  const matrix: Record<KioskAction, string> = {
    'open-files': 'os-',
    export: 'os-',
    'edit-regions': 'os-',
    'keep-text': '-s-',
    exclude: 'os-',
    'accept-finding': '-s-',
    'change-profile': '-s-',
    'change-key': '-s-',
    reidentify: '-s-',
    'see-record': 'osa',
    verify: 'osa',
  };
  it('are in the table with every action', () => {
    expect(Object.keys(matrix).sort()).toEqual([...kioskActions].sort());
  });
  it.each(Object.entries(matrix))('%s: %s', (action, who) => {
    for (const role of roles) expect(may(role, action as KioskAction), role).toBe(who.includes(role.charAt(0)));
    expect(may(null, action as KioskAction), 'nobody').toBe(false);
  });
});

const rule = { id: 'a', effect: 'allow' };
const document = (more: string): string => `{"schema":"lethe-kiosk/1","enabled":true,${more}}`;

describe('the policy file', () => {
  it('is off unless it says so', () => {
    expect(readKioskPolicy('{"schema":"lethe-kiosk/1","enabled":false}')).toEqual({ ok: true, value: null });
  });
  it.each([
    '{',
    '{}',
    '{"schema":"lethe-kiosk/2","enabled":true}',
    document('"profil":"basic"'),
    document('"enabled":false'),
    document('"profile":"none"'),
    document('"profile":{"schema":"lethe-profile/1","name":"x","more":1}'),
    document('"destinations":["cloud"]'),
    document('"pins":{"supervisor":{"salt":"00","iterations":1,"hash":""}}'),
    document('"rules":[]'),
    document(`"rules":[${JSON.stringify(rule)},${JSON.stringify(rule)}]`),
    ...[
      { effect: 'maybe' },
      { id: 'A b' },
      { when: {} },
      { role: [] },
      { role: ['boss'] },
      { action: ['unlock'] },
      { modality: ['ct scans'] },
      { profile: ['mine'] },
      { time: {}, extra: 1 },
      { time: { from: '24:00' } },
      { time: { from: '07:00', to: '07:00' } },
      { time: { from: '7:00' } },
      { time: { days: ['monday'] } },
      // Attributes that these actions do not have: such a rule would never speak.
      { action: ['open-files'], modality: ['CT'] },
      { action: ['export', 'exclude'], destination: ['zip'] },
    ].map((more) => document(`"rules":[${JSON.stringify({ ...rule, ...more })}]`)),
  ])('is refused when it says what Lethe does not know: %s', (bad) => {
    expect(readKioskPolicy(bad)).toMatchObject({ ok: false, code: 'bad-profile' });
  });
  it('has a digest of its own text, and rules as they were written', () => {
    const time = { days: ['mon', 'tue'], from: '20:00', to: '06:00' };
    const policy = policyOf({ rules: [{ ...rule, because: 'Night shift.', role: ['operator'], time }] });
    expect(policy.rules).toEqual([{ ...rule, because: 'Night shift.', role: ['operator'], time }]);
    expect(policy.digest).toMatch(/^[0-9a-f]{64}$/);
    expect(policyOf({ title: 'x' }).digest).not.toBe(policy.digest);
  });
  it('tells profiles by what they do, not by the name they bear', () => {
    const fixed = policyOf({ profile: 'maximum' }).profile;
    expect(profileNames(fixed, readyProfiles.maximum)).toEqual(['maximum', 'fixed']);
    expect(profileNames(fixed, readyProfiles.basic)).toEqual(['basic']);
    expect(profileNames(fixed, { ...readyProfiles.basic, name: 'maximum' })).toEqual(['custom']);
  });
});

describe('PINs', () => {
  it('are told from others by a slow hash', async () => {
    const record = await makePin('4711', 300_000);
    expect(await isPin(record, '4711')).toBe(true);
    expect(await isPin(record, '4712')).toBe(false);
    expect(JSON.stringify(record)).not.toContain('4711');
    expect(policyOf({ pins: { operator: record, supervisor: record } }).pins.operator).toEqual(record);
  });

  it('lock out longer and longer', () => {
    let state = unlocked;
    const minutes: number[] = [];
    for (let i = 0; i < 16; i++) {
      state = afterWrong(state, 0);
      minutes.push(state.until / 60_000);
    }
    expect(minutes.slice(0, 6)).toEqual([0, 0, 1, 2, 4, 8]);
    expect(minutes.at(-1)).toBe(1440);
    expect([isLocked(state, 1), isLocked(state, state.until)]).toEqual([true, false]);
  });
});
