import { useWords } from '../../locales';
import type { EffectRow } from './effect';

/** Attributes with the value that they leave with, otherwise and so. */
export function EffectList({ rows, most }: { readonly rows: readonly EffectRow[]; readonly most: number }) {
  const { t } = useWords();
  const value = (text: string | null) => (text === null ? t('tags.removed') : text || t('tags.empty'));
  return (
    <>
      <ul className="effect">
        {rows.slice(0, most).map((row) => (
          <li key={row.path}>
            <span className="effect__name" title={`${row.path} ${row.name}`}>
              {row.name}
            </span>
            <span className={row.before === null ? 'effect__value dim' : 'effect__value mono'}>
              {value(row.before)}
            </span>
            <span aria-hidden="true">→</span>
            <span className={row.after === null ? 'effect__value dim' : 'effect__value mono'}>{value(row.after)}</span>
          </li>
        ))}
      </ul>
      {rows.length > most && <p className="dim">{t('profile.effectMore', { count: rows.length - most })}</p>}
    </>
  );
}
