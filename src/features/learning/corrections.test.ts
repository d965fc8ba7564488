import { describe, expect, it } from 'vitest';
import type { Region } from '../../core/detect/types';
import type { Edit } from '../../store';
import { correctionsOf, mostImages } from './corrections';

const region = (id: string, change: Partial<Region> = {}): Region => ({
  x: 1,
  y: 2,
  width: 30,
  height: 10,
  id,
  origin: 'found',
  frame: 'all',
  action: 'redact',
  ...change,
});
const edit = (before: Record<string, readonly Region[]>, after: Record<string, readonly Region[]>): Edit => ({
  label: 'edit.region.delete',
  patch: { kind: 'regions', before, after, newlyDecided: [] },
});

describe('what people said of regions', () => {
  it('is nothing where nobody edited', () => {
    expect(correctionsOf({ a: [region('1')] }, [])).toEqual([]);
  });

  it('a deleted find is no text; what stayed and what was drawn is', () => {
    const [kept, icon, drawn] = [region('1'), region('2', { x: 50 }), region('3', { origin: 'drawn', frame: 4 })];
    const said = correctionsOf({ a: [kept, drawn] }, [
      edit({ a: [kept, icon] }, { a: [kept] }),
      edit({ a: [kept] }, { a: [kept, drawn] }),
    ]);
    expect(said).toHaveLength(2);
    expect(said[0]).toMatchObject({ id: 'a', frame: 0 });
    expect(said[0]?.regions.map(({ rect, text }) => [rect.x, text])).toEqual([
      [50, false],
      [1, true],
    ]);
    expect(said[1]).toMatchObject({ frame: 4, regions: [{ text: true }] });
  });

  it('a find that came back by undo is text again, a drawn box that went never counted', () => {
    const [icon, drawn] = [region('2'), region('3', { origin: 'drawn' })];
    const said = correctionsOf({ a: [icon] }, [edit({ a: [icon, drawn] }, { a: [icon] })]);
    expect(said.flatMap((image) => image.regions.map(({ text }) => text))).toEqual([true]);
  });

  it('is bounded, the last ones first to stay', () => {
    const many = Array.from({ length: mostImages + 5 }, (_, i) => `i${i}`);
    const regions = Object.fromEntries(many.map((id) => [id, [region('1')]]));
    const said = correctionsOf(
      regions,
      many.map((id) => edit({ [id]: [] }, { [id]: [region('1')] })),
    );
    expect(said).toHaveLength(mostImages);
    expect(said.at(-1)?.id).toBe(many.at(-1));
  });
});
