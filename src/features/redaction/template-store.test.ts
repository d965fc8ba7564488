import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { readTemplates, writeTemplates } from '../../core/detect/device-templates';
import type { Region } from '../../core/detect/types';
import { forgetInstances, useApp, type InstanceEntry } from '../../store';

const kept = new Map<string, string>();

beforeEach(() => {
  kept.clear();
  vi.resetModules();
  vi.stubGlobal('localStorage', {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => kept.set(key, value),
    removeItem: (key: string) => kept.delete(key),
  });
});
afterEach(() => {
  vi.unstubAllGlobals();
  forgetInstances();
});

const template = {
  manufacturer: 'Sonoria',
  model: 'Aria 9',
  columns: 640,
  rows: 480,
  regions: [{ x: 0, y: 0, width: 200, height: 20, action: 'redact' as const }],
};

const entry = (id: string) =>
  ({
    id,
    path: `${id}.dcm`,
    phase: 'ready',
    excluded: false,
    summary: {
      device: { manufacturer: 'Sonoria', model: 'Aria 9' },
      pixels: { columns: 640, rows: 480, frames: 1 },
    },
  }) as unknown as InstanceEntry;

describe('device templates', () => {
  it('are there again at the next visit, and gone when the last one is removed', async () => {
    const store = await import('./template-store');
    store.setTemplates([template]);
    vi.resetModules();
    const next = await import('./template-store');
    expect(next.getTemplates()).toEqual([template]);
    next.setTemplates([]);
    expect(kept.size).toBe(0);
  });

  it('are not kept on a machine with a policy', async () => {
    const { useApp: app } = await import('../../store');
    app.setState({ kiosk: 'unusable' });
    const store = await import('./template-store');
    store.setTemplates([template]);
    expect(kept.size).toBe(0);
    app.setState({ kiosk: null });
  });

  it('take nothing from a storage or file that they did not write', () => {
    expect(readTemplates(writeTemplates([template]))).toEqual([template]);
    for (const bad of [
      { ...template, columns: -1 },
      { ...template, model: 'x'.repeat(65) },
    ])
      expect(readTemplates(writeTemplates([bad]))).toBeNull();
    fc.assert(fc.property(fc.json(), (text) => readTemplates(text) === null));
  });

  it('hold places and the device alone, never what a box says', async () => {
    const { templateOf } = await import('./templates');
    const region: Region = {
      id: 'r',
      x: 5,
      y: 6,
      width: 70,
      height: 8,
      origin: 'found',
      frame: 0,
      action: 'redact',
      text: 'DOE JANE',
      reason: 'identity-name',
    };
    expect(JSON.stringify(templateOf(entry('a'), [region]))).not.toMatch(/DOE|identity/);
  });

  it('tell the search where text stands on images of their device and size, and of no other', async () => {
    const { priorsFor } = await import('./templates');
    const { setTemplates } = await import('./template-store');
    setTemplates([template]);
    expect(priorsFor(entry('a'))).toEqual([{ x: 0, y: 0, width: 200, height: 20 }]);
    const other = entry('b');
    expect(
      priorsFor({ ...other, summary: { ...other.summary!, device: { manufacturer: 'Sonoria', model: 'B' } } }),
    ).toEqual([]);
    setTemplates([]);
    expect(priorsFor(entry('a'))).toEqual([]);
  });

  it('put their boxes on every image of the device once, as one step that can be taken back', async () => {
    const { applyTemplate, isApplied, templateFor } = await import('./templates');
    const { setTemplates } = await import('./template-store');
    const { useApp: app } = await import('../../store');
    app.setState({ instances: new Map(['a', 'b'].map((id) => [id, entry(id)])) });
    setTemplates([template]);
    expect(templateFor(entry('a'))).toEqual(template);
    expect(applyTemplate(template)).toBe(2);
    expect(applyTemplate(template)).toBe(0);
    expect(isApplied(template, app.getState().regions['b'] ?? [])).toBe(true);
    app.getState().undo();
    expect(app.getState().regions['a']).toEqual([]);
  });
});

it('leaves the store of other tests alone', () => {
  expect(useApp.getState().kiosk).toBeNull();
});
