import { useEffect, useState } from 'react';
import type { Profile } from '../../core/deid/profile';
import { useWords } from '../../locales';
import { currentEntry, useApp } from '../../store';
import { loadPlan } from '../session';
import { planDifference, type EffectRow } from './effect';
import { readyProfiles } from './ready-profiles';

/** What this profile changes in the image on the screen, compared with the plain Basic Profile. */
export function Effect({ profile }: { readonly profile: Profile }) {
  const { t } = useWords();
  const entry = useApp(currentEntry);
  const [rows, setRows] = useState<readonly EffectRow[] | null>(null);
  const id = entry?.summary?.kind === 'dicom' ? entry.id : null;
  useEffect(() => {
    setRows(null);
    if (id === null) return;
    const abort = new AbortController();
    void Promise.all([
      loadPlan(id, readyProfiles.basic, [], abort.signal),
      loadPlan(id, profile, [], abort.signal),
    ]).then(([basic, chosen]) => {
      if (!abort.signal.aborted && basic.ok && chosen.ok) setRows(planDifference(basic.value, chosen.value));
    });
    return () => abort.abort();
  }, [id, profile]);
  if (id === null || rows === null) return null;
  const most = 8;
  return (
    <section className="profile__section profile__effect" aria-live="polite" data-testid="profile-effect">
      <h2>{t('profile.effect')}</h2>
      {rows.length === 0 ? (
        <p className="dim">{t('profile.effectNone')}</p>
      ) : (
        <>
          <p className="dim">{t('profile.effectSome', { count: rows.length })}</p>
          <ul className="effect">
            {rows.slice(0, most).map((row) => (
              <li key={row.path}>
                <span className="effect__name">{row.name}</span>
                <span className="effect__value mono">
                  {row.before === null ? t('tags.removed') : row.before || t('tags.empty')}
                </span>
                <span aria-hidden="true">→</span>
                <span className="effect__value mono">
                  {row.after === null ? t('tags.removed') : row.after || t('tags.empty')}
                </span>
              </li>
            ))}
          </ul>
          {rows.length > most && <p className="dim">{t('profile.effectMore', { count: rows.length - most })}</p>}
        </>
      )}
    </section>
  );
}
