import { lazy, Suspense } from 'react';
import { Switch } from '../../components/Fields';
import { useWords } from '../../locales';
import { useApp } from '../../store';
import { applyProfile } from './apply';
import { KeySection } from './KeySection';
import {
  cleaningOptions,
  isReadyName,
  readyNames,
  readyProfiles,
  retainingOptions,
  type ReadyName,
} from './ready-profiles';
import { look } from '../../store/kiosk';
import './profile.css';
import { OptionSection } from './OptionSection';
import { PixelSection } from './PixelSection';
import { PseudonymField, ShiftFields } from './PatientFields';
import { Overrides } from './Overrides';
import { ProfileFile } from './ProfileFile';
import { Effect } from './Effect';

/** What knows of certificates loads with the panel, not with the page. */
const VaultSection = lazy(async () => ({ default: (await import('./VaultSection')).VaultSection }));

export function ProfilePanel() {
  const { t } = useWords();
  const profile = useApp((s) => s.profile);
  const edit = applyProfile;
  const kiosk = useApp((s) => s.kiosk);
  const locked = !look(kiosk, 'change-profile').allowed;
  const ready: ReadyName | 'custom' = isReadyName(profile.name) ? profile.name : 'custom';
  return (
    <div className="profile" data-testid="profile-panel" inert={locked}>
      {locked && <p className="profile__locked">{t('kiosk.locked')}</p>}
      <section className="profile__section">
        <h2>{t('profile.ready')}</h2>
        <div className="profile__ready" role="radiogroup" aria-label={t('profile.ready')}>
          {readyNames.map((name) => (
            <button
              key={name}
              type="button"
              role="radio"
              aria-checked={ready === name}
              className="ready"
              data-testid={`profile-${name}`}
              onClick={() => edit(readyProfiles[name])}
            >
              <strong>{t(`profile.name.${name}`)}</strong>
              <span>{t(`profile.about.${name}`)}</span>
            </button>
          ))}
          {ready === 'custom' && (
            <button type="button" role="radio" aria-checked="true" className="ready">
              <strong>{profile.name === 'custom' ? t('profile.name.custom') : profile.name}</strong>
              <span>{t('profile.about.custom')}</span>
            </button>
          )}
        </div>
        <ProfileFile profile={profile} onRead={edit} />
      </section>

      <Effect profile={profile} />

      <PixelSection profile={profile} edit={edit} />

      <OptionSection
        title={t('profile.retain')}
        options={retainingOptions}
        profile={profile}
        edit={edit}
        locked={locked}
      />
      <OptionSection
        title={t('profile.clean')}
        options={cleaningOptions}
        profile={profile}
        edit={edit}
        locked={locked}
      />

      <section className="profile__section">
        <h2>{t('profile.more')}</h2>
        <Switch
          label={t('profile.allowList')}
          help={t('profile.allowListHelp')}
          checked={profile.allowListOnly}
          onChange={(allowListOnly) => edit({ ...profile, allowListOnly })}
        />
        <PseudonymField profile={profile} edit={edit} />
        {profile.options.includes('retainLongitudinalModified') && <ShiftFields profile={profile} edit={edit} />}
      </section>

      <Suspense>
        <VaultSection profile={profile} edit={edit} />
      </Suspense>
      <Overrides profile={profile} />
      <KeySection />
    </div>
  );
}
