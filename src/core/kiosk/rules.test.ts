import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { kioskActions, may, roles } from './roles';
import { decide, destinations, isWithin, weekdays, type AccessRule, type Act } from './rules';
import { tuesday } from './support';

const at = tuesday;
const night = new Date(2026, 10, 24, 23, 30);
const allow = (more: Partial<AccessRule> = {}): AccessRule => ({ id: 'a', effect: 'allow', ...more });
const deny = (more: Partial<AccessRule> = {}): AccessRule => ({ id: 'd', effect: 'deny', ...more });
const exportOf = (more: Partial<Act> = {}): Act => ({
  role: 'operator',
  action: 'export',
  at,
  modality: 'CT',
  profile: ['basic'],
  destination: 'folder',
  ...more,
});

describe('rules', () => {
  const table: [string, AccessRule[] | undefined, Act, boolean, string][] = [
    ['without rules the table of roles decides', undefined, exportOf(), true, 'free'],
    ['no rule widens the table of roles', [allow()], exportOf({ role: 'auditor' }), false, 'role'],
    ['nobody may do anything', [allow()], exportOf({ role: null }), false, 'role'],
    ['what no rule allows is denied', [allow({ role: ['supervisor'] })], exportOf(), false, 'no-rule'],
    ['rules that deny alone allow nothing', [deny({ modality: ['US'] })], exportOf(), false, 'no-rule'],
    ['a rule without conditions allows', [allow()], exportOf(), true, 'rule'],
    ['one that denies is stronger, wherever it stands', [allow(), deny({ modality: ['CT'] })], exportOf(), false, 'rule'],
    ['modality', [allow({ modality: ['CT', 'MR'] })], exportOf(), true, 'rule'],
    ['another modality', [allow({ modality: ['US'] })], exportOf(), false, 'no-rule'],
    ['an image without modality', [allow({ modality: ['CT', 'none'] })], exportOf({ modality: '' }), true, 'rule'],
    ['a modality that is not known is not an allowed one', [allow({ modality: ['CT'] })], exportOf({ modality: undefined }), false, 'no-rule'],
    ['and may be a forbidden one', [allow(), deny({ modality: ['CT'] })], exportOf({ modality: undefined }), false, 'rule'],
    ['profile', [allow({ profile: ['basic', 'fixed'] })], exportOf(), true, 'rule'],
    ['another profile', [allow({ profile: ['maximum'] })], exportOf(), false, 'no-rule'],
    ['a profile that is not known', [allow(), deny({ profile: ['custom'] })], exportOf({ profile: undefined }), false, 'rule'],
    ['destination', [allow({ destination: ['zip'] })], exportOf(), false, 'no-rule'],
    ['time', [allow({ time: { days: ['tue'], from: '07:00', to: '19:00' } })], exportOf(), true, 'rule'],
    ['another time', [allow({ time: { from: '07:00', to: '19:00' } })], exportOf({ at: night }), false, 'no-rule'],
    ['a rule about modalities says nothing of opening files', [allow(), deny({ modality: ['US'] })], { role: 'operator', action: 'open-files', at }, true, 'rule'],
    ['action', [allow({ action: ['open-files'] })], exportOf(), false, 'no-rule'],
  ]; // prettier-ignore
  it.each(table)('%s', (_, rules, act, allowed, reason) => {
    expect(decide(rules, act)).toMatchObject({ allowed, reason });
  });

  it('say what kept each of them from allowing', () => {
    const rules = [
      allow({ id: 'day', time: { to: '09:00' } }),
      allow({ id: 'boss', role: ['supervisor'], modality: ['MR'] }),
    ];
    expect(decide(rules, exportOf())).toMatchObject({
      reason: 'no-rule',
      missed: [
        { rule: 'day', on: ['time'] },
        { rule: 'boss', on: ['role', 'modality'] },
      ],
    });
  });

  it('know windows over midnight by the day on which they began', () => {
    const window = { days: ['mon'], from: '20:00', to: '06:00' } as const;
    const on = (day: number, hour: number) => isWithin(window, new Date(2026, 10, day, hour));
    // 23 November 2026 is a Monday.
    expect([on(22, 21), on(23, 5), on(23, 19), on(23, 20), on(24, 5), on(24, 6), on(24, 21)]).toEqual([
      false, false, false, true, true, false, false,
    ]); // prettier-ignore
  });
});

const list = <T>(of: readonly T[]) => fc.option(fc.subarray([...of], { minLength: 1 }), { nil: undefined });
const clock = fc.nat(23).map((h) => `${String(h).padStart(2, '0')}:00`);
const aRule: fc.Arbitrary<AccessRule> = fc
  .record({
    effect: fc.constantFrom('allow' as const, 'deny' as const),
    role: list(roles),
    action: list(kioskActions),
    modality: list(['CT', 'US', 'none']),
    profile: list(['basic', 'maximum', 'custom']),
    destination: list(destinations),
    time: fc.option(
      fc.record({ days: list(weekdays), from: clock, to: clock }).filter(({ from, to }) => from !== to),
      { nil: undefined },
    ),
  })
  .map((r) => ({ id: 'r', ...r }));
const anAct: fc.Arbitrary<Act> = fc.record({
  role: fc.constantFrom(...roles),
  action: fc.constantFrom(...kioskActions),
  at: fc.date({ min: new Date(2026, 0, 1), max: new Date(2026, 11, 31), noInvalidDate: true }),
  modality: fc.constantFrom('CT', 'US', '', undefined),
  profile: fc.constantFrom(['basic'], ['maximum', 'fixed'], ['custom'], undefined),
  destination: fc.constantFrom(...destinations, undefined),
});
const rules = fc.array(aRule, { minLength: 1, maxLength: 6 });

describe('rules, whatever they are', () => {
  it('never widen the table of roles', () => {
    fc.assert(fc.property(rules, anAct, (r, act) => !decide(r, act).allowed || may(act.role, act.action)));
  });
  it('do not depend on their order', () => {
    fc.assert(fc.property(rules, anAct, (r, act) => decide(r, act).allowed === decide([...r].reverse(), act).allowed));
  });
  it('are never widened by one more that denies, nor narrowed by one more that allows', () => {
    fc.assert(
      fc.property(rules, aRule, anAct, (r, more, act) => {
        const [before, after] = [decide(r, act).allowed, decide([...r, more], act).allowed];
        return more.effect === 'deny' ? !after || before : !before || after;
      }),
    );
  });
  it('allow nothing more when less is known', () => {
    fc.assert(
      fc.property(
        rules,
        anAct,
        fc.constantFrom('modality' as const, 'profile' as const, 'destination' as const),
        (r, act, name) => {
          return !decide(r, { ...act, [name]: undefined }).allowed || decide(r, act).allowed;
        },
      ),
    );
  });
  it('allow exactly when one allows and none denies, by a count of our own', () => {
    fc.assert(
      fc.property(rules, anAct, (r, act) => {
        fc.pre(act.modality !== undefined && act.profile !== undefined && act.destination !== undefined);
        const own = (names: readonly string[] | undefined, values: readonly string[]) =>
          names === undefined || values.some((v) => names.includes(v));
        const known =
          act.action === 'export'
            ? ['modality', 'profile', 'destination']
            : act.action === 'accept-finding'
              ? ['profile']
              : [];
        const speaks = (x: AccessRule) =>
          (['modality', 'profile', 'destination'] as const).every((c) => x[c] === undefined || known.includes(c)) &&
          own(x.role, [act.role ?? '']) &&
          own(x.action, [act.action]) &&
          own(x.modality, [act.modality || 'none']) &&
          own(x.profile, act.profile ?? []) &&
          own(x.destination, [act.destination ?? '']) &&
          (x.time === undefined || isWithin(x.time, act.at));
        const expected =
          may(act.role, act.action) &&
          r.some((x) => x.effect === 'allow' && speaks(x)) &&
          !r.some((x) => x.effect === 'deny' && speaks(x));
        return decide(r, act).allowed === expected;
      }),
    );
  });
});
