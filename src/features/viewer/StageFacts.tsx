import { useWords } from '../../locales';
import type { Size } from './transform';

/** Size of the image that is shown: pages of a TIFF differ. */
export function StageFacts({ image, scale }: { readonly image: Size; readonly scale: number }) {
  const { t } = useWords();
  return (
    <span className="stage__facts" aria-hidden="true">
      {t('viewer.facts', { width: String(image.width), height: String(image.height), zoom: Math.round(scale * 100) })}
    </span>
  );
}
