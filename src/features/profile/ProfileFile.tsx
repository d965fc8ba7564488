import { Download, Upload } from 'lucide-react';
import { useRef, useState } from 'react';
import { Button } from '../../components/Button';
import type { Profile } from '../../core/deid/profile';
import { useWords } from '../../locales';
import { saveBlob } from '../session';
import { readProfile, writeProfile } from './profile-file';

/** Saves the profile as JSON, or takes one from a file. */
export function ProfileFile({
  profile,
  onRead,
}: {
  readonly profile: Profile;
  readonly onRead: (profile: Profile) => void;
}) {
  const { t } = useWords();
  const picker = useRef<HTMLInputElement>(null);
  const [bad, setBad] = useState(false);
  return (
    <div className="profile__file">
      <input
        ref={picker}
        type="file"
        accept="application/json,.json"
        hidden
        aria-label={t('profile.import')}
        onChange={(event) => {
          const file = event.target.files?.[0];
          event.target.value = '';
          if (!file) return;
          void file.text().then((text) => {
            const read = readProfile(text);
            setBad(read === null);
            if (read) onRead(read);
          });
        }}
      />
      <Button size="small" look="ghost" icon={Upload} onClick={() => picker.current?.click()}>
        {t('profile.import')}
      </Button>
      <Button
        size="small"
        look="ghost"
        icon={Download}
        onClick={() =>
          saveBlob(
            new Blob([writeProfile(profile)], { type: 'application/json' }),
            `lethe-profile-${profile.name.replace(/[^\w-]+/g, '_')}.json`,
          )
        }
      >
        {t('profile.export')}
      </Button>
      {bad && (
        <p role="alert" className="form-error">
          {t('profile.bad')}
        </p>
      )}
    </div>
  );
}
