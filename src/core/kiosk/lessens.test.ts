import { expect, it } from 'vitest';
import type { Region } from '../detect/types';
import { lessens } from './lessens';

const found: Region = { id: 'f', origin: 'found', frame: 0, x: 10, y: 10, width: 20, height: 5, action: 'redact' };
const drawn: Region = { ...found, id: 'd', origin: 'drawn' };

it.each<[string, Region[], Region[], boolean]>([
  ['nothing changed', [found], [found], false],
  ['one more', [found], [found, drawn], false],
  ['a found box is gone', [found], [], true],
  ['a found text is kept', [found], [{ ...found, action: 'keep' }], true],
  ['smaller', [found], [{ ...found, width: 19 }], true],
  ['moved', [found], [{ ...found, x: 11 }], true],
  ['larger', [found], [{ ...found, x: 9, width: 22 }], false],
  ['on all frames', [found], [{ ...found, frame: 'all' }], false],
  ['on one frame of all', [{ ...found, frame: 'all' }], [found], true],
  ['on another frame', [found], [{ ...found, frame: 1 }], true],
  ['a drawn box in its place', [found], [drawn], false],
  ['a drawn box that is kept', [found], [{ ...drawn, action: 'keep' }], true],
  ['a drawn box is gone', [drawn], [], false],
  ['a box of a template is gone', [{ ...found, origin: 'template' }], [], true],
  ['what was kept is made unreadable', [{ ...found, action: 'keep' }], [found], false],
])('%s', (_, before, after, expected) => {
  expect(lessens(before, after)).toBe(expected);
});
