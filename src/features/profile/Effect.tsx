import type { Profile } from '../../core/deid/profile';
import { useWords } from '../../locales';
import { EffectList } from './EffectList';
import { readyProfiles } from './ready-profiles';
import { useProfileEffect } from './study-effect';

/** What this profile changes in the study that is open, compared with the plain Basic Profile. */
export function Effect({ profile }: { readonly profile: Profile }) {
  const { t } = useWords();
  const effect = useProfileEffect(readyProfiles.basic, profile);
  if (effect === null || effect.series === 0) return null;
  const { rows, series } = effect;
  return (
    <section className="profile__section profile__effect" aria-live="polite" data-testid="profile-effect">
      <h2>{t('profile.effect')}</h2>
      {rows.length === 0 ? (
        <p className="dim">{t('profile.effectNone')}</p>
      ) : (
        <>
          <p className="dim">{t('profile.effectSome', { count: rows.length, series })}</p>
          <p className="effect__head dim">{t('profile.effectHead')}</p>
          <EffectList rows={rows} most={8} />
        </>
      )}
    </section>
  );
}
