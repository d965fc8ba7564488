import { useWords } from '../../locales';
import { formatPercent } from '../../locales/format';
import type { Size } from './transform';

/** Size of the image that is shown: pages of a TIFF differ. */
export function StageFacts({ image, scale }: { readonly image: Size; readonly scale: number }) {
  const { t, locale } = useWords();
  return (
    <span className="stage__facts" aria-hidden="true">
      {t('viewer.facts', {
        width: String(image.width),
        height: String(image.height),
        zoom: formatPercent(scale, locale),
      })}
    </span>
  );
}
