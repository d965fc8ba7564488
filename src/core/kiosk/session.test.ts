import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { basicProfile } from '../deid/profile';
import { readyProfiles } from '../deid/profiles';
import { memorySink } from '../export';
import { runBatch, type BatchRunner } from '../pipeline/batch';
import { failure } from '../pipeline/errors';
import { makePin } from './pin';
import { allowedBy, formatSecurityRecord, nextEntry, readSecurityRecord, type SecurityEntry } from './security-record';
import { policyOf, sessionOf, tuesday } from './support';
import { KioskSession } from './session';

const fast = 300_000;
const pins = async () => ({
  supervisor: await makePin('271828', fast),
  auditor: await makePin('314159', fast),
});
const request = { profile: basicProfile, destination: 'folder', items: [{}] } as const;
const weak = { ...basicProfile, options: [] };

describe('a session at a kiosk', () => {
  it('lets a batch begin only as the policy allows, and writes down what it said', async () => {
    const { session, record } = await sessionOf({ destinations: ['folder'], pins: await pins() });
    const refused = { ok: false, code: 'not-allowed' };
    expect(await session.begins(request)).toMatchObject({ ok: true, value: { role: 'operator' } });
    expect(await session.begins({ ...request, profile: weak })).toMatchObject(refused);
    expect(await session.begins({ ...request, destination: 'zip' })).toMatchObject(refused);
    expect(await session.begins({ ...request, items: [{ accepted: [{}] }] })).toMatchObject(refused);
    expect(await session.unlock('supervisor', '271828')).toEqual({ ok: true });
    expect(await session.begins({ ...request, profile: weak })).toMatchObject({ ok: true });
    expect(await session.begins({ ...request, items: [{ accepted: [{}] }] })).toMatchObject({ ok: true });
    expect(await session.begins({ ...request, destination: 'zip' })).toMatchObject(refused);
    expect(await session.unlock('auditor', '314159')).toEqual({ ok: true });
    expect(await session.begins(request)).toMatchObject(refused);
    await session.lock();
    expect(session.role).toBe('operator');
    expect(record.all.map((e) => (e.event === 'decision' ? `${e.action} ${e.allowed} ${e.reason}` : e.event))).toEqual([
      'policy',
      'export true free',
      'change-profile false profile-fixed',
      'export false destination',
      'accept-finding false role',
      'unlocked',
      'export true free',
      'accept-finding true free',
      'export true free',
      'export false destination',
      'unlocked',
      'export false role',
      'locked',
    ]);
  });

  it('wants every image looked at where the policy says so', async () => {
    const { session } = await sessionOf({ requireReview: true });
    expect(await session.begins(request)).toMatchObject({ code: 'not-allowed' });
    const items = [{ reviewed: true }, { excluded: true }];
    expect(await session.begins({ ...request, items })).toMatchObject({ ok: true });
  });

  it('is nobody until an operator with a PIN has said it', async () => {
    const { session } = await sessionOf({ pins: { operator: await makePin('1111', fast) } });
    expect(session.role).toBeNull();
    expect(session.may('open-files')).toBe(false);
    await session.unlock('operator', '1111');
    expect(session.may('open-files')).toBe(true);
    await session.lock();
    expect(session.role).toBeNull();
  });

  it('locks out after wrong PINs, also one that begins anew, and many at once', async () => {
    const { session, record, clock } = await sessionOf({ pins: await pins() });
    const tries = await Promise.all(['1', '2', '3', '271828'].map((pin) => session.unlock('supervisor', pin)));
    expect(tries.map((t) => ('code' in t ? t.code : 'open'))).toEqual(['wrong', 'wrong', 'locked-out', 'locked-out']);
    const again = await KioskSession.begin(session.policy, record, () => clock.now);
    expect(await again.unlock('supervisor', '271828')).toMatchObject({ code: 'locked-out' });
    clock.now = new Date(tuesday.getTime() + 61_000);
    expect(await again.unlock('supervisor', '271828')).toEqual({ ok: true });
    expect(await session.unlock('operator', '271828')).toMatchObject({ code: 'no-pin' });
  });

  it('does nothing that it can not write down', async () => {
    const store = { entries: () => Promise.resolve([]), append: () => Promise.reject(new Error('full')) };
    await expect(KioskSession.begin(policyOf(), store)).rejects.toThrow();
    const { session, record } = await sessionOf({ pins: await pins() });
    record.full = true;
    await expect(session.unlock('supervisor', '271828')).rejects.toThrow();
    expect(session.role).toBe('operator');
  });
});

describe('a batch at a kiosk', () => {
  const runnerOf = (modalities: readonly string[], touched: string[] = []): BatchRunner => ({
    inspect: (i) => {
      touched.push(`inspect ${i}`);
      const modality = modalities[i] ?? '';
      const identity = { patientKey: 'p', names: [], ids: [], dates: [], places: [], others: [] } as never;
      return Promise.resolve({
        ok: true,
        value: {
          kind: 'dicom',
          patientKey: 'p',
          patient: { name: '', id: '' },
          instanceKey: String(i),
          identity,
          modality,
        },
      });
    },
    hash: (i) => Promise.resolve({ ok: true, value: String(i) }),
    process: (i) => {
      touched.push(`process ${modalities[i] ?? ''}`);
      return Promise.resolve(failure('gate-blocked'));
    },
    source: () => {
      throw new Error();
    },
  });
  const common = {
    key: new Uint8Array(32),
    concurrency: 1,
    hash: false,
    signal: new AbortController().signal,
  };

  it('is refused before anything is read or written', async () => {
    const { session } = await sessionOf();
    const touched: string[] = [];
    const sink = memorySink();
    const result = await runBatch({
      ...common,
      items: [{ path: 'a', size: 1 }],
      profile: { ...basicProfile, options: [] },
      runner: runnerOf(['CT'], touched),
      sink,
      kiosk: { session, destination: 'folder' },
    });
    expect(result).toMatchObject({ ok: false, code: 'not-allowed' });
    expect([sink.files.size, touched]).toEqual([0, []]);
  });

  it('keeps what its rules do not let out, and says by which rule', async () => {
    const { session, record } = await sessionOf({
      rules: [
        {
          id: 'day-work',
          effect: 'allow',
          role: ['operator'],
          action: ['export'],
          time: { from: '07:00', to: '19:00' },
        },
        { id: 'no-ultrasound', effect: 'deny', modality: ['US'], because: 'Text in motion is for the supervisor.' },
      ],
    });
    const touched: string[] = [];
    const result = await runBatch({
      ...common,
      items: ['CT', 'US', '', 'US'].map((_, i) => ({ path: `f${i}`, size: 1 + i })),
      profile: readyProfiles.basic,
      runner: runnerOf(['CT', 'US', '', 'US'], touched),
      sink: memorySink(),
      kiosk: { session, destination: 'folder' },
    });
    if (!result.ok) throw new Error(result.message);
    expect(result.value.outcomes.map((o) => [o.code, o.where])).toEqual([
      ['gate-blocked', undefined],
      ['not-allowed', 'rule no-ultrasound'],
      ['gate-blocked', undefined],
      ['not-allowed', 'rule no-ultrasound'],
    ]);
    expect(touched.filter((t) => t.startsWith('process'))).toEqual(['process CT', 'process ']);
    expect(
      record.all.flatMap((e) => (e.event === 'decision' ? [[e.allowed, e.rule, e.modality, e.count]] : [])),
    ).toEqual([
      [true, 'day-work', undefined, 4],
      [true, 'day-work', 'CT', 1],
      [false, 'no-ultrasound', 'US', 2],
      [true, 'day-work', 'none', 1],
    ]);
    const { access } = result.value;
    if (access === undefined) throw new Error('no access');
    expect(allowedBy(record.all, access)).toBe(true);
    expect(allowedBy(record.all.slice(0, 1), access)).toBe(false);
  });

  it('keeps what nobody looked at where the policy wants every image looked at', async () => {
    const { session } = await sessionOf({ requireReview: true });
    const touched: string[] = [];
    const result = await runBatch({
      ...common,
      items: [
        { path: 'a', size: 1, reviewed: true },
        { path: 'b', size: 2 },
        { path: 'c', size: 3, excluded: true },
        { path: 'desktop.ini', size: 4 },
      ],
      profile: readyProfiles.basic,
      runner: runnerOf(['CT', 'CT', 'CT', ''], touched),
      sink: memorySink(),
      kiosk: { session, destination: 'folder' },
    });
    if (!result.ok) throw new Error(result.message);
    expect(result.value.outcomes.map((o) => o.code)).toEqual([
      'gate-blocked',
      'needs-review',
      'excluded',
      'system-file',
    ]);
    expect(touched.filter((t) => t.startsWith('process'))).toHaveLength(1);
  });

  it('is refused as a whole where no modality could leave', async () => {
    const { session } = await sessionOf({ rules: [{ id: 'bosses', effect: 'allow', role: ['supervisor'] }] });
    expect(await session.begins(request)).toMatchObject({ code: 'not-allowed' });
  });
});

describe('the security record', () => {
  const made = (n: number): SecurityEntry[] => {
    const all: SecurityEntry[] = [];
    for (let i = 0; i < n; i++) {
      const event = i % 2 === 0 ? ({ event: 'wiped' } as const) : ({ event: 'pin-wrong', as: 'supervisor' } as const);
      all.push(nextEntry(all.at(-1), event, { role: 'operator', at: new Date(1_700_000_000_000 + i) }));
    }
    return all;
  };

  it('comes back as it was written', () => {
    const all = made(5);
    expect(readSecurityRecord(formatSecurityRecord(all))).toEqual({ ok: true, value: all });
  });

  it('is found out by any flipped bit', () => {
    const bytes = new TextEncoder().encode(formatSecurityRecord(made(4)));
    for (let at = 0; at < bytes.length; at++) {
      const other = bytes.slice();
      other[at] = (other[at] ?? 0) ^ (1 << (at % 8));
      expect(readSecurityRecord(new TextDecoder().decode(other)).ok, `byte ${at}`).toBe(false);
    }
  });

  it('is found out by lines left out, repeated, swapped, added', () => {
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 6 }), fc.nat(), fc.nat(), fc.nat(3), (n, a, b, how) => {
        const lines = made(n).map((e) => `${JSON.stringify(e)}\n`);
        const [i, j] = [a % n, b % n];
        const before = lines.join('');
        const line = lines[i] ?? '';
        // The last lines alone can be cut off unseen; exports point at theirs.
        if (how === 0) lines.splice(Math.min(i, n - 2), 1);
        else if (how === 1) lines.splice(j, 0, line);
        else if (how === 2) [lines[i], lines[j]] = [lines[j] ?? '', line];
        else lines.splice(j, 0, line.replace('operator', 'supervisor'));
        const after = lines.join('');
        return readSecurityRecord(after).ok === (after === before);
      }),
    );
  });
});
