import type { ReactNode } from 'react';
import { useWords } from '../../locales';

export type Kind = 'zip' | 'folder';

interface KindChoiceProps {
  readonly kind: Kind;
  readonly chosen: Kind;
  readonly disabled?: boolean;
  readonly icon: ReactNode;
  readonly onChoose: (kind: Kind) => void;
}

export function KindChoice({ kind, chosen, disabled = false, icon, onChoose }: KindChoiceProps) {
  const { t } = useWords();
  return (
    <label className={`kind${kind === chosen ? ' kind--chosen' : ''}${disabled ? ' kind--disabled' : ''}`}>
      <input
        type="radio"
        name="export-kind"
        value={kind}
        checked={kind === chosen}
        disabled={disabled}
        onChange={() => onChoose(kind)}
      />
      {icon}
      <span>
        <strong>{t(`export.kind.${kind}`)}</strong>
        <span className="dim">{disabled ? t('export.noFolder') : t(`export.kindHelp.${kind}`)}</span>
      </span>
    </label>
  );
}
