import { useState } from 'react';
import { Button } from '../../components/Button';
import { keyFingerprint } from '../../core/audit/record';
import { formatKey, parseKey, randomKey } from '../../core/pipeline/key';
import { useWords } from '../../locales';
import { dropPlans, getKey, saveBlob, setKey } from '../session';
import { useApp } from '../../store';
import { permitted } from '../../store/kiosk';

/** The project key: random for each session, or brought along so that later sessions give the same pseudonyms. */
export function KeySection() {
  const { t } = useWords();
  const [text, setText] = useState('');
  const [bad, setBad] = useState(false);
  const [fingerprint, setFingerprint] = useState(() => keyFingerprint(getKey()));
  const use = (key: Uint8Array) => {
    if (!permitted(useApp.getState(), 'change-key')) return;
    setKey(key);
    dropPlans();
    setFingerprint(keyFingerprint(key));
    // A new profile object makes the diff ask for new plans.
    useApp.setState((state) => ({ profile: { ...state.profile } }));
  };
  return (
    <section className="profile__section">
      <h2>{t('key.title')}</h2>
      <p className="dim">{t('key.about')}</p>
      <p>
        {t('key.fingerprint')} <span className="mono">{fingerprint}</span>
      </p>
      <div className="profile__row">
        <label className="profile__label" htmlFor="project-key">
          {t('key.enter')}
        </label>
        <span className="profile__pair">
          <input
            id="project-key"
            className="field field--mono"
            type="password"
            autoComplete="off"
            value={text}
            aria-invalid={bad}
            onChange={(event) => {
              setText(event.target.value);
              setBad(false);
            }}
          />
          <Button
            disabled={text === ''}
            onClick={() => {
              const key = parseKey(text);
              setBad(!key.ok);
              if (!key.ok) return;
              use(key.value);
              setText('');
            }}
          >
            {t('key.use')}
          </Button>
        </span>
        {bad && (
          <span role="alert" className="form-error">
            {t('key.bad')}
          </span>
        )}
      </div>
      <div className="profile__file">
        <Button
          size="small"
          look="ghost"
          onClick={() =>
            saveBlob(new Blob([`${formatKey(getKey())}\n`], { type: 'text/plain' }), 'lethe-project-key.txt')
          }
        >
          {t('key.save')}
        </Button>
        <Button size="small" look="ghost" onClick={() => use(randomKey())}>
          {t('key.fresh')}
        </Button>
      </div>
    </section>
  );
}
