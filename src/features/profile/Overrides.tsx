import { X } from 'lucide-react';
import { useEffect, useState } from 'react';
import { IconButton } from '../../components/Button';
import type { Profile } from '../../core/deid/profile';
import { formatTag } from '../../core/dicom/data-set';
import { useWords } from '../../locales';
import { useApp } from '../../store';
import { withOverride } from '../tags/override';
import { own } from './ready-profiles';

type Lookup = (typeof import('../../core/dicom/dictionary'))['lookup'];

/** The data dictionary is large: it is fetched when a name is first needed. */
function useTagNames(wanted: boolean): Lookup | null {
  const [names, setNames] = useState<Lookup | null>(null);
  useEffect(() => {
    if (wanted) void import('../../core/dicom/dictionary').then(({ lookup }) => setNames(() => lookup));
  }, [wanted]);
  return names;
}

export function Overrides({ profile }: { readonly profile: Profile }) {
  const { t } = useWords();
  const names = useTagNames(profile.overrides.length > 0);
  if (profile.overrides.length === 0) return null;
  return (
    <section className="profile__section">
      <h2>{t('profile.overrides')}</h2>
      <ul className="plain-list">
        {profile.overrides.map((override) => {
          const tag = parseInt(override.tag, 16);
          return (
            <li key={override.tag}>
              <span className="plain-list__words">
                <span>{names?.(tag)?.name ?? formatTag(tag)}</span>
                <span className="dim">{t(`override.${override.action}`)}</span>
              </span>
              <IconButton
                icon={X}
                small
                label={t('profile.clearOverride')}
                onClick={() => useApp.getState().editProfile('edit.tag.clear', own(withOverride(profile, tag, null)))}
              />
            </li>
          );
        })}
      </ul>
    </section>
  );
}
