import { describe, expect, it } from 'vitest';
import { commands, commandGroups } from './commands';
import { findCommands } from './CommandPalette';
import { commandFor, nameOfPress } from './shortcuts';

const press = (key: string, mods: Partial<Parameters<typeof nameOfPress>[0]> = {}) =>
  nameOfPress({ key, ctrlKey: false, metaKey: false, shiftKey: false, altKey: false, ...mods });

describe('names of presses', () => {
  it('are the same for Ctrl and Command, and for capitals', () => {
    expect(press('z', { ctrlKey: true })).toBe('Mod+Z');
    expect(press('Z', { metaKey: true, shiftKey: true })).toBe('Mod+Shift+Z');
    expect(press('?', { shiftKey: true })).toBe('?');
    expect(press(' ')).toBe('Space');
    expect(press('ArrowUp', { shiftKey: true, altKey: true })).toBe('Alt+Shift+ArrowUp');
    expect(press('¡', { altKey: true, code: 'Digit1' })).toBe('Alt+1');
  });
});

describe('commands', () => {
  it('have ids of their own and a group that is listed', () => {
    expect(new Set(commands.map((c) => c.id)).size).toBe(commands.length);
    for (const command of commands) expect(commandGroups).toContain(command.group);
  });

  it('share a key only where one is for the selected region', () => {
    const keys = new Map<string, string[]>();
    for (const c of commands) for (const key of c.keys ?? []) keys.set(key, [...(keys.get(key) ?? []), c.id]);
    for (const [key, ids] of keys) {
      const rivals = ids.filter((id) => commands.find((c) => c.id === id)?.keyOnly !== true);
      expect([key, rivals.length]).toEqual([key, Math.min(rivals.length, 1)]);
    }
  });

  it('move the selected region before they go to the next image', () => {
    expect(commandFor('ArrowDown', () => true)?.id).toBe('nudge-Down');
    expect(commandFor('ArrowDown', (c) => c.keyOnly !== true)?.id).toBe('next');
    expect(commandFor('F13', () => true)).toBeUndefined();
  });

  it('are found by words in any order', () => {
    const names = new Map(commands.map((c) => [c, c.id.replaceAll('-', ' ')]));
    const found = findCommands('zoom tool', commands, (c) => names.get(c) ?? '');
    expect(found.map((c) => c.id)).toEqual(['tool-zoom']);
  });
});
