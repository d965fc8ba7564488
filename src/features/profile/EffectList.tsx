import { useWords } from '../../locales';
import type { EffectRow } from './effect';

/** Attributes with the value that they leave with, otherwise and so. */
export function EffectList({ rows, most }: { readonly rows: readonly EffectRow[]; readonly most: number }) {
  const { t } = useWords();
  const cell = (text: string | null) =>
    text === null || text === '' ? (
      <span className="effect__value dim">{t(text === null ? 'tags.removed' : 'tags.empty')}</span>
    ) : (
      <span className="effect__value mono">{text}</span>
    );
  return (
    <>
      <ul className="effect">
        {rows.slice(0, most).map((row) => (
          <li key={row.path}>
            <span className="effect__name" title={`${row.path} ${row.name}`}>
              {row.name}
            </span>
            {cell(row.before)}
            <span aria-hidden="true">→</span>
            {cell(row.after)}
          </li>
        ))}
      </ul>
      {rows.length > most && <p className="dim">{t('profile.effectMore', { count: rows.length - most })}</p>}
    </>
  );
}
