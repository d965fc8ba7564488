import { beforeEach, describe, expect, it } from 'vitest';
import type { Region } from '../core/detect/types';
import { basicProfile } from '../core/deid/profile';
import {
  currentEntry,
  forgetInstances,
  isExportable,
  stateOf,
  useApp,
  waitsForPerson,
  type InstanceEntry,
} from './index';
import { historyLimit } from './edits';
import { readSettings } from './persist';
import { defaultSettings } from './ui';

const entry = (id: string, patch: Partial<InstanceEntry> = {}): InstanceEntry => ({
  id,
  path: `${id}.dcm`,
  size: 1,
  phase: 'ready',
  summary: null,
  problem: null,
  review: [],
  check: 'not-needed',
  accepted: false,
  letThrough: [],
  excluded: false,
  outcome: null,
  ...patch,
});

const region = (id: string, x = 0): Region => ({
  id,
  x,
  y: 0,
  width: 10,
  height: 5,
  origin: 'drawn',
  frame: 0,
  action: 'redact',
});

beforeEach(() => {
  forgetInstances();
  useApp.setState({ profile: basicProfile });
});

const app = () => useApp.getState();

describe('instances', () => {
  it('adds and patches without touching others', () => {
    app().addInstances([entry('a'), entry('b')]);
    const b = app().instances.get('b');
    app().patchInstances(new Map([['a', { phase: 'refused' as const }]]));
    expect(app().instances.get('a')?.phase).toBe('refused');
    expect(app().instances.get('b')).toBe(b);
  });

  it('ignores news of what is gone', () => {
    app().patchInstance('nobody', { phase: 'ready' });
    expect(app().instances.size).toBe(0);
  });

  it('names the current one', () => {
    app().addInstances([entry('a')]);
    expect(currentEntry(app())).toBeNull();
    app().show('a');
    expect(currentEntry(app())?.id).toBe('a');
  });

  it('tells states apart', () => {
    expect(stateOf(entry('a', { phase: 'review' }))).toBe('review');
    expect(stateOf(entry('a', { phase: 'review', accepted: true }))).toBe('ready');
    expect(stateOf(entry('a', { phase: 'ready', excluded: true }))).toBe('skipped');
    expect(isExportable(entry('a'))).toBe(false);
    const waits = entry('a', { phase: 'review', review: ['unsure-text'] });
    expect(waitsForPerson(waits)).toBe(true);
    expect(waitsForPerson({ ...waits, accepted: true })).toBe(false);
    expect(waitsForPerson({ ...waits, review: ['gate'] })).toBe(false);
  });
});

describe('edits', () => {
  it('undoes and redoes across kinds, newest first', () => {
    app().editRegions('edit.region.add', { a: [region('r')] });
    app().editProfile('edit.profile', { ...basicProfile, allowListOnly: true });
    expect(app().undo()?.label).toBe('edit.profile');
    expect(app().profile.allowListOnly).toBe(false);
    expect(app().undo()?.label).toBe('edit.region.add');
    expect(app().regions['a']).toEqual([]);
    expect(app().decided.has('a')).toBe(false);
    expect(app().undo()).toBeNull();
    app().redo();
    expect(app().regions['a']).toEqual([region('r')]);
    expect(app().decided.has('a')).toBe(true);
    app().redo();
    expect(app().profile.allowListOnly).toBe(true);
    expect(app().redo()).toBeNull();
  });

  it('forgets what could be redone after a new edit', () => {
    app().editRegions('edit.region.add', { a: [region('r')] });
    app().undo();
    app().editRegions('edit.region.add', { a: [region('s')] });
    expect(app().future).toEqual([]);
  });

  it('makes presses that follow each other one step', () => {
    app().editRegions('edit.region.add', { a: [region('r')] });
    for (let x = 1; x <= 5; x++) app().editRegions('edit.region.move', { a: [region('r', x)] }, 'move-r');
    expect(app().past).toHaveLength(2);
    app().undo();
    expect(app().regions['a']).toEqual([region('r', 0)]);
  });

  it('keeps what was found when a box was drawn before the check was done, and when it is undone', () => {
    app().editRegions('edit.region.add', { a: [region('drawn')] });
    app().setFoundRegions(new Map([['a', [region('found')]]]));
    expect(app().regions['a']?.map((r) => r.id)).toEqual(['found', 'drawn']);
    app().undo();
    expect(app().regions['a']?.map((r) => r.id)).toEqual(['found']);
    app().redo();
    expect(app().regions['a']?.map((r) => r.id)).toEqual(['found', 'drawn']);
  });

  it('replaces what was found before where nobody decided', () => {
    app().setFoundRegions(new Map([['a', [region('one')]]]));
    app().setFoundRegions(new Map([['a', [region('two')]]]));
    expect(app().regions['a']?.map((r) => r.id)).toEqual(['two']);
    expect(app().past).toEqual([]);
  });

  it('takes back what a person said of images that wait', () => {
    const waits = { phase: 'review', review: ['unsure-text'] } as const;
    useApp.getState().addInstances([entry('a', waits), entry('b', waits)]);
    const state = (id: string) => {
      const found = useApp.getState().instances.get(id);
      return found && stateOf(found);
    };
    useApp.getState().decide('edit.review.accept', new Map(['a', 'b'].map((id) => [id, { accepted: true }])));
    useApp.getState().decide('edit.review.takeOut', new Map([['b', { excluded: true }]]));
    expect([state('a'), state('b')]).toEqual(['ready', 'skipped']);
    useApp.getState().undo();
    expect([state('a'), state('b')]).toEqual(['ready', 'ready']);
    useApp.getState().undo();
    expect([state('a'), state('b')]).toEqual(['review', 'review']);
    useApp.getState().redo();
    expect([state('a'), state('b')]).toEqual(['ready', 'ready']);
  });

  it('bounds the history', () => {
    for (let i = 0; i < historyLimit + 20; i++) app().editRegions('edit.region.add', { a: [region(`r${i}`)] });
    expect(app().past).toHaveLength(historyLimit);
  });
});

describe('selection and view', () => {
  it('leaves the region when another image is shown', () => {
    app().show('a');
    app().selectRegion('r');
    app().show('b');
    expect(app().selectedRegionId).toBeNull();
    expect(app().frame).toBe(0);
  });

  it('toggles tree nodes', () => {
    app().toggleNode('k');
    expect(app().toggled.has('k')).toBe(true);
    app().toggleNode('k');
    expect(app().toggled.has('k')).toBe(false);
  });

  it('keeps swipe and cine within their bounds', () => {
    app().setSwipe(2);
    app().setCineRate(1000);
    expect(app().swipe).toBe(1);
    expect(app().cineRate).toBe(60);
  });
});

describe('forgetting', () => {
  it('leaves no trace of files, and keeps profile and settings', () => {
    app().addInstances([entry('a', { path: 'Doe^Jane/IM1' })]);
    app().editRegions('edit.region.add', { a: [{ ...region('r'), text: 'DOE JANE' }] });
    app().setSearch('doe');
    app().setTagPath('(0010,0010)');
    app().editProfile('edit.profile', { ...basicProfile, name: 'mine' });
    forgetInstances();
    const { settings, profile, ...rest } = app();
    expect(profile.name).toBe('mine');
    expect(settings).toBe(app().settings);
    expect(JSON.stringify(rest, (_, v: unknown) => (v instanceof Map || v instanceof Set ? [...v] : v))).not.toMatch(
      /doe/i,
    );
  });
});

describe('settings', () => {
  it('survives anything in the storage', () => {
    for (const stored of [null, '', '{', '[]', '"x"', 'null', '{"theme":7,"studiesWidth":"wide","locale":"xx"}']) {
      expect(readSettings(stored, ['de-DE'])).toEqual(defaultSettings);
    }
  });

  it('takes what is sound and bounds widths', () => {
    const read = readSettings('{"theme":"light","studiesWidth":5000,"locale":"zh-CN","letterKeys":false}', []);
    expect(read).toMatchObject({ theme: 'light', studiesWidth: 520, locale: 'zh-CN', letterKeys: false });
  });

  it('follows the person’s languages', () => {
    expect(readSettings(null, ['zh-TW', 'en']).locale).toBe('zh-CN');
    expect(readSettings(null, ['fr', 'en-GB']).locale).toBe('en');
  });
});
