import { describe, expect, it } from 'vitest';
import { drawInk, paint } from '../../../scripts/model/drawn-text';
import { coverOf, type FoundText } from './boxes';
import { intersection } from './geometry';
import type { TextImage } from './image';
import { splitLines } from './lines';
import { joinPieces, takenApart } from './rows';
import { strokeMap } from './screen';

function found(x: number, y: number, width: number, height: number, seen = 'close0'): FoundText {
  const line = { center: { x: x + width / 2, y: y + height / 2 }, width, height, angle: 0 };
  return { line, cover: coverOf(line), score: 0.95, seen: [seen] };
}

function page(): TextImage & { data: Uint8Array } {
  return { width: 400, height: 200, channels: 1, data: new Uint8Array(400 * 200).fill(8) };
}

function write(image: TextImage & { data: Uint8Array }, text: string, x: number, y: number) {
  const ink = drawInk(text, 'DejaVuSans', 14);
  paint(image, ink, x, y, 230);
  return { x, y, width: ink.width, height: ink.height };
}

describe('blocks and rows', () => {
  it('a block of rows becomes its rows where they cover all its strokes', () => {
    const image = page();
    const places = ['Gain 62%', 'Depth 14 cm', 'FR 28 Hz'].map((text, i) => write(image, text, 20, 20 + 24 * i));
    const block = found(18, 16, 110, 70, 'overview0');
    const rows = places.map((p) => found(p.x - 2, p.y - 2, p.width + 4, p.height + 4));
    const parts = takenApart([block], rows, strokeMap(image));
    expect(parts).toHaveLength(3);
    expect(parts[0]?.seen).toEqual(['overview0', 'close0']);
    // One row was not seen closely: then the block stays, so that nothing is uncovered.
    expect(takenApart([block], rows.slice(0, 2), strokeMap(image))).toEqual([block]);
  });

  it('a couch or trace that crosses a block does not hold its rows together, and is not lost', () => {
    const image = page();
    const places = ['FOV 337', 'M 1.00'].map((text, i) => write(image, text, 20, 20 + 18 * i));
    for (let x = 18; x < 118; x++) image.data[(60 - (x >> 2)) * 400 + x] = 140;
    const block = found(18, 16, 106, 40, 'overview0');
    const rows = places.map((p) => found(p.x - 2, p.y - 2, p.width + 4, p.height + 4));
    const [first, second, ...rest] = takenApart([block], rows, strokeMap(image));
    expect([first?.line.center.y, second?.line.center.y]).toEqual(rows.map(({ line }) => line.center.y));
    expect(rest.length).toBeGreaterThan(0);
    expect(rest.every(({ score }) => score < 0.93)).toBe(true);
    const covered = [first, second, ...rest].flatMap((text) => text?.cover ?? []);
    for (let x = 90; x < 118; x++)
      expect(covered.some((r) => x >= r.x && x < r.x + r.width && 60 - (x >> 2) >= r.y)).toBe(true);
  });

  it('two rows that a window cut to a short block are two, letters in pieces are one', () => {
    const image = page();
    const rows = ['FOV 337', 'M 1.00'].map((text, i) => {
      const p = write(image, text, 20, 20 + 18 * i);
      return found(p.x - 2, p.y - 2, p.width + 4, p.height + 4);
    });
    const cut = found(18, 18, 24, 32);
    expect(takenApart([cut], [...rows, cut], strokeMap(image))).toHaveLength(2);
    const letter = page();
    const p = write(letter, 'E', 40, 40);
    const whole = found(p.x - 2, p.y - 2, p.width + 4, p.height + 4);
    const bars = [found(p.x, p.y - 1, p.width, 3), found(p.x, p.y + p.height - 2, p.width, 4), whole];
    expect(takenApart([whole], bars, strokeMap(letter))).toEqual([whole]);
  });

  it('pieces that touch become one line; columns and other rows do not', () => {
    expect(joinPieces([found(10, 10, 60, 16), found(68, 11, 50, 15)])).toHaveLength(1);
    expect(joinPieces([found(10, 10, 60, 16), found(100, 10, 50, 16)])).toHaveLength(2);
    expect(joinPieces([found(10, 10, 60, 16), found(20, 28, 60, 16)])).toHaveLength(2);
  });
});

describe('lines of a block', () => {
  it('are parted at wide blanks, and together cover what the block covered', () => {
    const image = page();
    write(image, 'RES-A', 20, 50);
    write(image, 'G 54%', 180, 50);
    const block = found(16, 46, 220, 20);
    const parts = splitLines(image, block);
    expect(parts).toHaveLength(2);
    const area = (list: readonly FoundText[]) =>
      list.flatMap((f) => f.cover).reduce((s, r) => s + r.width * r.height, 0);
    expect(area(parts)).toBeCloseTo(area([block]), 3);
    const [left, right] = parts.flatMap(({ cover }) => cover);
    expect(left && right && intersection(left, right)).toBe(0);
  });

  it('are parted at two blanks of a wide console font', () => {
    const image = page();
    const number = write(image, '9123', 20, 50);
    write(image, '5.0 R15 G66', 20 + number.width + Math.round(2.4 * number.height), 50);
    expect(splitLines(image, found(16, 46, 190, 20))).toHaveLength(2);
    // Of faint letters some strokes are not seen: their line stays whole.
    const faint = page();
    for (const [text, x] of [
      ['DO', 20],
      ['B 17', 80],
    ] as const)
      paint(faint, drawInk(text, 'DejaVuSans', 14), x, 50, 48);
    expect(splitLines(faint, found(16, 46, 110, 20))).toHaveLength(1);
    const words = page();
    write(words, 'SMITH JOHN 5.0 cm', 20, 50);
    expect(splitLines(words, found(16, 46, 190, 20))).toHaveLength(1);
  });

  it('are told apart beside a ruler and under a trace', () => {
    const image = page();
    for (let y = 0; y < 200; y++) image.data[y * 400 + 18] = 120;
    for (let x = 0; x < 400; x++) if (x < 200) image.data[(40 + (x >> 1)) * 400 + x] = 110;
    const texts = ['20dB/DR60', 'ASC 3', 'DTCE M', 'H4.00 MHz', 'MapE/ST2', 'THI', '2D 100%'];
    texts.forEach((text, i) => write(image, text, 40, 10 + 20 * i));
    expect(splitLines(image, found(14, 4, 120, 150))).toHaveLength(7);
  });

  it('are read without what is cut off of their neighbours', () => {
    const image = page();
    const above = write(image, 'XMIT:A', 20, 30);
    const own = write(image, '3.5/2.7-L', 20, 50);
    const box = found(16, above.y + above.height - 4, 100, own.y + own.height + 4 - (above.y + above.height - 4));
    const [line, ...rest] = splitLines(image, box);
    expect(rest).toHaveLength(0);
    expect((line?.line.center.y ?? 0) - (line?.line.height ?? 0) / 2).toBeGreaterThan(above.y + above.height - 1);
    expect(line?.cover).toEqual(box.cover);
  });
});
