import { describe, expect, it } from 'vitest';
import { readyProfiles } from '../../core/deid/profiles';
import { policyOf } from '../../core/kiosk/support';
import type { InstanceEntry } from '../../store';
import type { KioskState } from '../../store/kiosk';
import { exportFacts } from './facts';

const entry = (id: string, modality: string, patch: Partial<InstanceEntry> = {}): InstanceEntry =>
  ({
    id,
    path: `${id}.dcm`,
    size: 100,
    phase: 'ready',
    review: [],
    accepted: false,
    excluded: false,
    summary: { series: { modality } },
    ...patch,
  }) as unknown as InstanceEntry;

const all = [
  entry('a', 'CT'),
  entry('b', 'us'),
  entry('c', 'US'),
  entry('d', 'CT', { phase: 'refused', summary: null }),
  entry('e', 'CT', { phase: 'review', review: ['policy'] }),
  entry('f', 'CT', { phase: 'review', review: ['policy'], accepted: true }),
];
const box = { action: 'redact' };
const session = (kiosk: KioskState, profile = readyProfiles.basic) => ({
  instances: new Map(all.map((e) => [e.id, e])),
  regions: { a: [box], b: [box, box] } as never,
  profile,
  kiosk,
});
const kiosk = (more: object, role: 'operator' | 'supervisor' = 'operator'): KioskState => ({
  policy: policyOf(more),
  role,
});

describe('what an export offers', () => {
  it('is all that waits for nobody where there is no policy', () => {
    expect(exportFacts(session(null), 'zip')).toMatchObject({
      leaving: 4,
      bytes: 400,
      boxes: 3,
      held: 0,
      refused: null,
      states: { ready: 4, review: 1, refused: 1 },
    });
  });

  it('is without what a rule holds, and says what that is', () => {
    const rules = [
      { id: 'work', effect: 'allow' },
      { id: 'no-us', effect: 'deny', modality: ['US'], destination: ['zip'] },
    ];
    const facts = exportFacts(session(kiosk({ rules })), 'zip');
    expect(facts).toMatchObject({ leaving: 2, bytes: 200, boxes: 1, held: 2, refused: null });
    expect(facts.example?.id).toBe('a');
    expect(facts.modalities.map((m) => [m.modality, m.count, m.decision.allowed, m.decision.rule?.id])).toEqual([
      ['CT', 2, true, 'work'],
      ['US', 2, false, 'no-us'],
    ]);
    expect(exportFacts(session(kiosk({ rules })), 'folder')).toMatchObject({ leaving: 4, held: 0 });
  });

  it('is nothing where the machine refuses the whole', () => {
    const to = exportFacts(session(kiosk({ destinations: ['encrypted-zip'] })), 'zip');
    expect(to).toMatchObject({ refused: 'destination', leaving: 0, bytes: 0, boxes: 0 });
    expect(exportFacts(session(kiosk({ destinations: ['encrypted-zip'] })), 'encrypted-zip').refused).toBe(null);
    expect(exportFacts(session(kiosk({}), readyProfiles.research), 'zip').refused).toBe('profile-fixed');
    expect(exportFacts(session(kiosk({}, 'supervisor'), readyProfiles.research), 'zip').refused).toBe(null);
  });
});
