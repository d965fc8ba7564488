import type { ReactNode } from 'react';
import { useWords } from '../../locales';

export type Kind = 'zip' | 'folder';

interface KindChoiceProps {
  readonly kind: Kind;
  readonly chosen: Kind;
  /** Why it can't be chosen. */
  readonly closed?: 'noFolder' | 'policy' | undefined;
  readonly icon: ReactNode;
  readonly onChoose: (kind: Kind) => void;
}

export function KindChoice({ kind, chosen, closed, icon, onChoose }: KindChoiceProps) {
  const { t } = useWords();
  return (
    <label className={`kind${kind === chosen ? ' kind--chosen' : ''}${closed ? ' kind--disabled' : ''}`}>
      <input
        type="radio"
        name="export-kind"
        value={kind}
        checked={kind === chosen}
        disabled={closed !== undefined}
        onChange={() => onChoose(kind)}
      />
      {icon}
      <span>
        <strong>{t(`export.kind.${kind}`)}</strong>
        <span className="dim">{closed ? t(`export.${closed}`) : t(`export.kindHelp.${kind}`)}</span>
      </span>
    </label>
  );
}
