import { useTip } from '../../components/Tip';
import type { ActionCode } from '../../core/deid/profile';
import { useWords } from '../../locales';

/** A code of PS3.15 with its meaning in words. */
export function CodeChip({ code }: { readonly code: ActionCode }) {
  const { t } = useWords();
  const words = t(`code.${code}`);
  const tip = useTip(words);
  return (
    <span className={`code code--${code}`} {...tip}>
      <span aria-hidden="true">{code}</span>
      <span className="sr-only">{words}</span>
    </span>
  );
}
