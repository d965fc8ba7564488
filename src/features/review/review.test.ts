import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { forgetInstances, stateOf, useApp, type InstanceEntry } from '../../store';
import { placeOf } from './places';
import { acceptCurrent, excludeCurrent, goToNext, nextScope, scopesOf } from './review';

const entry = (id: string, series: string, patch: Partial<InstanceEntry> = {}): InstanceEntry =>
  ({
    id,
    path: `${id}.dcm`,
    size: 1,
    phase: 'review',
    problem: null,
    review: ['unsure-text'],
    check: 'done',
    accepted: false,
    letThrough: [],
    excluded: false,
    outcome: null,
    summary: {
      kind: 'dicom',
      patient: { key: 'p', name: 'P', id: '', birthDate: '', sex: '' },
      study: { key: 'st', date: '', description: '' },
      series: { key: series, number: 1, modality: 'US', description: '' },
      instance: { number: Number(id.slice(1)) },
      device: { manufacturer: 'Sonoria', model: 'Aria 9' },
      pixels: { columns: 640, rows: 480, frames: 1 },
    },
    ...patch,
  }) as unknown as InstanceEntry;

const app = () => useApp.getState();
const states = () => [...app().instances.values()].map((e) => stateOf(e));

beforeEach(() => {
  forgetInstances();
  const all = [
    entry('i1', 'a'),
    entry('i2', 'a'),
    entry('i3', 'b'),
    entry('i4', 'a', { outcome: { findings: [{ check: 'no-identity', severity: 'block', message: '' }] } as never }),
  ];
  useApp.setState({ instances: new Map(all.map((e) => [e.id, e])), currentId: 'i1', reviewScope: 'image' });
});
afterEach(forgetInstances);

describe('a word in the review', () => {
  it('reaches the image alone, unless a person says how far', () => {
    acceptCurrent();
    expect(states()).toEqual(['ready', 'review', 'review', 'review']);
    expect(app().currentId).toBe('i2');
  });

  it('reaches the series, but not what the gate forbids, and is for that once', () => {
    nextScope();
    expect(app().reviewScope).toBe('series');
    acceptCurrent();
    expect(states()).toEqual(['ready', 'ready', 'review', 'review']);
    expect(app().reviewScope).toBe('image');
    app().undo();
    expect(states()).toEqual(['review', 'review', 'review', 'review']);
  });

  it('reaches all images of the device', () => {
    app().setReviewScope('device');
    acceptCurrent();
    expect(states()).toEqual(['ready', 'ready', 'ready', 'review']);
  });

  it('says how far it reaches where no bar over the image shows it', () => {
    useApp.setState({ notices: [] });
    nextScope();
    expect(app().notices).toEqual([]);
    app().patchInstance('i1', { phase: 'ready', review: [] });
    nextScope();
    expect(app().notices.map((n) => n.key)).toEqual(['review.scopeNow']);
    expect(app().reviewScope).toBe('device');
  });

  it('takes out a series and puts it back', () => {
    app().setReviewScope('series');
    excludeCurrent();
    expect(states()).toEqual(['skipped', 'skipped', 'review', 'skipped']);
    app().show('i1');
    app().setReviewScope('series');
    excludeCurrent();
    expect(states()).toEqual(['review', 'review', 'review', 'review']);
  });

  it('offers only scopes that reach further', () => {
    const [first] = [...app().instances.values()];
    expect(first && scopesOf(first)).toEqual(['image', 'series', 'device']);
    const alone = entry('i9', 'z', {
      summary: { ...entry('i9', 'z').summary, device: { manufacturer: '', model: '' } } as never,
    });
    expect(scopesOf(alone)).toEqual(['image']);
  });
});

describe('going to what waits', () => {
  it('opens the closed series in the tree, and nothing that is open already', () => {
    goToNext();
    expect([app().currentId, [...app().toggled]]).toEqual(['i2', ['e:p|st|a']]);
    goToNext();
    expect([app().currentId, [...app().toggled]]).toEqual(['i4', ['e:p|st|a']]);
    goToNext();
    expect([app().currentId, [...app().toggled]]).toEqual(['i3', ['e:p|st|a', 'e:p|st|b']]);
  });
});

describe('the place of a finding', () => {
  const at = (where: string | undefined, check = 'plan-carried-out') =>
    placeOf({ check, severity: 'block', message: '', ...(where !== undefined && { where }) } as never);

  it('is an attribute, also within sequences, a frame, or the image', () => {
    expect(at('(0010,0010)')).toEqual({ at: 'tag', path: '(0010,0010)' });
    expect(at('(0040,A730)[1].(0040,A160)')).toEqual({ at: 'tag', path: '(0040,A730)[1].(0040,A160)' });
    expect(at('frame 3', 'pixels-unchanged')).toEqual({ at: 'frame', frame: 2 });
    expect(at(undefined, 'pixel-policy')).toEqual({ at: 'frame', frame: 0 });
    expect(at('byte 1234', 'no-identity')).toEqual({ at: 'image' });
  });
});
