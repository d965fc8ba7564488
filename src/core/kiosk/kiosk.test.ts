import { describe, expect, it } from 'vitest';
import { basicProfile } from '../deid/profile';
import { memorySink } from '../export';
import { runBatch, type BatchRunner } from '../pipeline/batch';
import { failure } from '../pipeline/errors';
import { afterWrong, isLocked, isPin, makePin, unlocked } from './pin';
import { permits, readKioskPolicy, type KioskPolicy } from './policy';
import { may, roles, type KioskAction } from './roles';

const policyOf = (more: object = {}): KioskPolicy => {
  const read = readKioskPolicy(JSON.stringify({ schema: 'lethe-kiosk/1', enabled: true, profile: 'basic', ...more }));
  if (!read.ok || read.value === null) throw new Error('no policy');
  return read.value;
};

describe('roles', () => {
  // The whole matrix: a change here is a change of what people may do.
  const matrix: Record<KioskAction, string> = {
    'open-files': 'os-',
    export: 'os-',
    'edit-regions': 'os-',
    exclude: 'os-',
    'accept-finding': '-s-',
    'change-profile': '-s-',
    'change-key': '-s-',
    'see-record': 'osa',
    verify: 'osa',
    unlock: 'osa',
  };
  it.each(Object.entries(matrix))('%s: %s', (action, who) => {
    for (const role of roles) expect(may(role, action as KioskAction), role).toBe(who.includes(role.charAt(0)));
  });
});

describe('the policy file', () => {
  it('is off unless it says so, and refused when it says what Lethe does not know', () => {
    expect(readKioskPolicy('{"schema":"lethe-kiosk/1","enabled":false}')).toEqual({ ok: true, value: null });
    for (const bad of [
      '{',
      '{}',
      '{"schema":"lethe-kiosk/2","enabled":true}',
      '{"schema":"lethe-kiosk/1","enabled":true,"profil":"basic"}',
      '{"schema":"lethe-kiosk/1","enabled":true,"profile":"none"}',
      '{"schema":"lethe-kiosk/1","enabled":true,"profile":{"schema":"lethe-profile/1","name":"x","more":1}}',
      '{"schema":"lethe-kiosk/1","enabled":true,"destinations":["cloud"]}',
      '{"schema":"lethe-kiosk/1","enabled":true,"pins":{"supervisor":{"salt":"00","iterations":1,"hash":""}}}',
    ]) {
      expect(readKioskPolicy(bad), bad).toMatchObject({ ok: false, code: 'bad-profile' });
    }
  });

  it('lets a batch begin only as it allows', () => {
    const policy = policyOf({ destinations: ['folder'] });
    const request = { profile: basicProfile, destination: 'folder', items: [{}] } as const;
    const weak = { ...basicProfile, options: [] };
    expect(permits(policy, 'operator', request).ok).toBe(true);
    expect(permits(policy, 'auditor', request)).toMatchObject({ code: 'not-allowed' });
    expect(permits(policy, 'operator', { ...request, profile: weak })).toMatchObject({ code: 'not-allowed' });
    expect(permits(policy, 'supervisor', { ...request, profile: weak }).ok).toBe(true);
    expect(permits(policy, 'supervisor', { ...request, destination: 'zip' })).toMatchObject({ code: 'not-allowed' });
    const accepted = { ...request, items: [{ accepted: [{}] }] };
    expect(permits(policy, 'operator', accepted)).toMatchObject({ code: 'not-allowed' });
    expect(permits(policy, 'supervisor', accepted).ok).toBe(true);
    const reviewed = policyOf({ requireReview: true });
    expect(permits(reviewed, 'operator', request)).toMatchObject({ code: 'not-allowed' });
    expect(permits(reviewed, 'operator', { ...request, items: [{ reviewed: true }, { excluded: true }] }).ok).toBe(
      true,
    );
  });

  it('is kept by the batch itself: nothing is read or written', async () => {
    const touched = (): Promise<never> => Promise.reject(new Error('touched'));
    const runner: BatchRunner = {
      inspect: touched,
      hash: touched,
      process: touched,
      source: () => {
        throw new Error();
      },
    };
    const sink = memorySink();
    const result = await runBatch({
      items: [{ path: 'a', size: 1 }],
      profile: { ...basicProfile, options: [] },
      key: new Uint8Array(32),
      runner,
      sink,
      concurrency: 1,
      hash: false,
      signal: new AbortController().signal,
      kiosk: { policy: policyOf(), role: 'operator', destination: 'folder' },
    });
    expect(result).toEqual({ ...failure('not-allowed'), message: expect.stringContaining('fixed') as string });
    expect(sink.files.size).toBe(0);
  });
});

describe('PINs', () => {
  it('are told from others by a slow hash', async () => {
    const record = await makePin('4711', 300_000);
    expect(await isPin(record, '4711')).toBe(true);
    expect(await isPin(record, '4712')).toBe(false);
    expect(JSON.stringify(record)).not.toContain('4711');
    expect(
      readKioskPolicy(JSON.stringify({ schema: 'lethe-kiosk/1', enabled: true, pins: { supervisor: record } })).ok,
    ).toBe(true);
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
