/** How a region is told to people: in the list, and beside the box on the image. */
import type { Region, TextClass } from '../../core/detect/types';
import { useWords } from '../../locales';
import { formatPercent } from '../../locales/format';

export interface RegionWords {
  readonly kind: TextClass | 'drawn';
  /** The text that was read; '' when there is none. */
  readonly said: string;
  /** The text, or what stands for it. */
  readonly title: string;
  /** Class, certainty, frames. */
  readonly facts: readonly string[];
  /** Why it goes or stays; '' when nothing is known. */
  readonly reason: string;
}

/** A class is told by its line and its label; the hue only repeats it. */
export const classOf = (region: Region): TextClass | 'drawn' =>
  region.origin === 'found' ? (region.textClass ?? 'unknown') : 'drawn';

/** @param frames how many the image has */
export function useRegionWords(region: Region, frames: number): RegionWords {
  const { t, tCode, locale } = useWords();
  const kind = classOf(region);
  const said = region.text ?? '';
  const unsaid = region.origin === 'found' ? 'unread' : region.origin === 'template' ? 'fromTemplate' : 'drawn';
  const where =
    frames < 2
      ? null
      : region.frame === 'all'
        ? t('regions.everyFrame')
        : t('regions.onFrame', { frame: region.frame + 1 });
  return {
    kind,
    said,
    title: said === '' ? t(`regions.${unsaid}`) : said,
    facts: [
      // Of what was drawn the title says so already.
      kind === 'drawn' && said === '' ? null : t(`class.${kind}`),
      region.score === undefined ? null : t('regions.score', { score: formatPercent(region.score, locale) }),
      said === '' || region.textScore === undefined
        ? null
        : t('regions.readScore', { score: formatPercent(region.textScore, locale) }),
      where,
    ].filter((fact) => fact !== null),
    reason: region.reason === undefined ? '' : tCode('reason', region.reason, region.reason),
  };
}
