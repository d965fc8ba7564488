/** What a text stands beside can tell more than the text: a number after "ID:", a number that is the rest of a line not read. */
import { foldText } from './fold';
import { identifyingPattern } from './patterns';
import { union } from './geometry';
import { trusted } from './policy';
import { isMeasurement, isTechnical } from './technical';
import type { Rect } from '../pixels/types';
import type { TextRegion } from './types';

/** Reasons of texts that announce what follows them. */
const cues: ReadonlySet<string> = new Set(['name-cue', 'identifier', 'age-or-sex']);
/** How far the value stands behind its cue, and a number from what it belongs to, in heights. */
const behind = 6;
const beside = 0.6;

/** Regions in the light of their neighbours: nothing that went is kept by this but the name of a value that is kept. */
export function besideOthers(judged: readonly TextRegion[]): readonly TextRegion[] {
  const regions = readTogether(judged);
  const values = new Map(
    regions.flatMap((value): [TextRegion, TextRegion][] => {
      const label = labelOf(value, regions);
      return label ? [[value, label]] : [];
    }),
  );
  const labels = new Set(values.values());
  return regions.map((region) => {
    if (labels.has(region)) return { ...region, textClass: 'technical', reason: 'technical', action: 'keep' };
    if (!mayBeAnything(region)) return region;
    const cue = regions.find((other) => announces(other) && gapBefore(other, region) < behind * region.height);
    if (cue?.reason !== undefined) {
      return { ...region, textClass: 'identifying', reason: cue.reason, action: 'redact' };
    }
    if (values.has(region)) return region;
    const doubtful =
      region.action === 'keep' &&
      regions.some(
        (other) =>
          other.action === 'redact' &&
          other.reason !== 'technical' &&
          other.reason !== 'marker' &&
          Math.min(gapBefore(other, region), gapBefore(region, other)) < beside * region.height,
      );
    const inBlock =
      region.action === 'keep' &&
      isBareNumber(region) &&
      regions.some((other) => other.textClass === 'identifying' && isNextLine(region, other));
    return doubtful || inBlock ? { ...region, textClass: 'unknown', reason: 'unknown', action: 'redact' } : region;
  });
}

/** A setting's name in full, and how well it must be read where a number stands behind it. */
const settingName = /^\p{L}{2,}[.:=]?$/u;
const readsLikeName = 0.75;

/** The name of a setting that stands before a short number in its row, with nothing in between: 'mAs', '100'. */
function labelOf(value: TextRegion, regions: readonly TextRegion[]): TextRegion | null {
  if (value.action !== 'keep' || (value.textScore ?? 0) < trusted || !shortNumber.test(value.text ?? '')) return null;
  const before = regions
    .map((other) => ({ other, gap: gapBefore(other, value) }))
    .filter(({ other, gap }) => other !== value && gap < behind * value.height)
    .sort((a, b) => a.gap - b.gap);
  const label = before[0]?.other;
  if (!label || (label.textScore ?? 0) < readsLikeName || label.textClass === 'identifying') return null;
  return settingName.test(foldText(label.text ?? '')) && isTechnical(label.text ?? '') ? label : null;
}

const shortNumber = /^[-+]?\d{1,4}(?:[.,]\d{1,2})?$/;

/** Two texts of a row that stay and say together what neither says alone, 'M' and '63', go both. */
function readTogether(regions: readonly TextRegion[]): readonly TextRegion[] {
  const reasons = new Map<TextRegion, { readonly reason: string; readonly rect: Rect }>();
  for (const left of regions)
    for (const right of regions) {
      if (left.action !== 'keep' || right.action !== 'keep' || gapBefore(left, right) >= behind * right.height)
        continue;
      // A value with its unit is no end of a date or an age: 'C5-1' and '1.06 cm'.
      if (isMeasurement(right.text ?? '')) continue;
      const reason = identifyingPattern(`${left.text ?? ''} ${right.text ?? ''}`);
      if (reason === null || left.reason === 'on-keep-list' || right.reason === 'on-keep-list') continue;
      // What stands between them goes as well.
      reasons.set(left, { reason, rect: union(left, right) }).set(right, { reason, rect: right });
    }
  return regions.map((region) => {
    const together = reasons.get(region);
    if (!together) return region;
    const { x, y, width, height } = together.rect;
    return { ...region, x, y, width, height, textClass: 'identifying', reason: together.reason, action: 'redact' };
  });
}

/** A number without a name or a unit, or words that tell nothing. */
function mayBeAnything({ text, reason, textClass }: TextRegion): boolean {
  if (reason === 'on-keep-list' || text === undefined) return false;
  return textClass === 'unknown' || isBareNumber({ text });
}

const isBareNumber = ({ text = '' }: Pick<TextRegion, 'text'>): boolean => /^[\d\s.,:/-]+$/.test(foldText(text));

/** Whether two texts of like height are lines of one block, one right above the other: an age stands between an ID and a birth date. */
function isNextLine(a: TextRegion, b: TextRegion): boolean {
  const [upper, lower] = a.y < b.y ? [a, b] : [b, a];
  const [low, high] = [Math.min(a.height, b.height), Math.max(a.height, b.height)];
  const across = Math.min(a.x + a.width, b.x + b.width) - Math.max(a.x, b.x);
  const gap = lower.y - (upper.y + upper.height);
  return high < 1.6 * low && across >= Math.min(a.width, b.width) / 2 && lower.y > upper.y + low / 4 && gap < low / 2;
}

/** 'Name:', 'ID', 'Age:': a cue without its value. */
function announces({ text = '', reason = '' }: TextRegion): boolean {
  return cues.has(reason) && !/\d/.test(text) && foldText(text).split(' ').length <= 2;
}

/** Pixels between the end of one text and the beginning of another in the same row; infinite elsewhere. */
function gapBefore(left: TextRegion, right: TextRegion): number {
  const [low, high] = [Math.min(left.height, right.height), Math.max(left.height, right.height)];
  const level = Math.abs(left.y + left.height / 2 - right.y - right.height / 2);
  const gap = right.x - (left.x + left.width);
  if (high > 2 * low || level > 0.35 * low || right.x <= left.x || gap < -low) return Infinity;
  return gap;
}
