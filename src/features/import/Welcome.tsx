import { Eraser, FileUp, FlaskConical, FolderOpen, KeyRound, LockKeyhole, ScanText, ShieldCheck } from 'lucide-react';
import { Button } from '../../components/Button';
import { useWords } from '../../locales';
import { useApp } from '../../store';
import { look, refusal } from '../../store/kiosk';
import { openSamples, pickFiles, pickFolder } from './import';
import './import.css';

const points = [
  { icon: ShieldCheck, key: 'local' },
  { icon: Eraser, key: 'tags' },
  { icon: ScanText, key: 'text' },
] as const;

/** The page before anything was dropped: says what it does and how to begin. */
export function Welcome() {
  const { t } = useWords();
  const kiosk = useApp((s) => s.kiosk);
  // While the policy is being read nothing flickers: what is opened then waits for it.
  const nobody = kiosk !== null && typeof kiosk !== 'string' && kiosk.role === null;
  const closed = kiosk !== 'unknown' && !look(kiosk, 'open-files').allowed;
  const title = nobody ? 'kiosk.nobodyTitle' : closed ? 'kiosk.closedTitle' : 'welcome.title';
  return (
    <section className="welcome" aria-labelledby="welcome-title" data-testid="welcome">
      <div className="welcome__drop">
        {closed ? (
          <LockKeyhole size={40} strokeWidth={1.25} aria-hidden />
        ) : (
          <FolderOpen size={40} strokeWidth={1.25} aria-hidden />
        )}
        <h1 id="welcome-title">{t(title)}</h1>
        {!closed && <p>{t('welcome.formats')}</p>}
        {nobody && <p>{t('kiosk.nobodyText')}</p>}
        {closed && <Closed />}
        <div className="welcome__actions">
          <Button
            look="primary"
            size="large"
            icon={FolderOpen}
            data-testid="pick-folder"
            disabled={closed}
            onClick={() => void pickFolder()}
          >
            {t('welcome.folder')}
          </Button>
          <Button
            size="large"
            icon={FileUp}
            data-testid="pick-files"
            disabled={closed}
            onClick={() => void pickFiles()}
          >
            {t('welcome.files')}
          </Button>
        </div>
        <Button
          look="ghost"
          icon={FlaskConical}
          data-testid="try-sample"
          disabled={closed}
          onClick={() => void openSamples()}
        >
          {t('welcome.sample')}
        </Button>
      </div>
      <ul className="welcome__points">
        {points.map(({ icon: Icon, key }) => (
          <li key={key}>
            <Icon size={20} strokeWidth={1.5} aria-hidden />
            <div>
              <h2>{t(`welcome.${key}`)}</h2>
              <p>{t(`welcome.${key}Text`)}</p>
            </div>
          </li>
        ))}
      </ul>
      <p className="welcome__hint">{t('welcome.hint')}</p>
    </section>
  );
}

/** Why nothing can be opened now, and what to do. */
function Closed() {
  const { t } = useWords();
  const kiosk = useApp((s) => s.kiosk);
  if (kiosk === null || kiosk === 'unknown') return null;
  if (kiosk === 'unusable')
    return (
      <p className="form-error" role="alert">
        {t('kiosk.unusable')}
      </p>
    );
  if (kiosk.role === null)
    return (
      <div className="welcome__actions">
        <Button
          look="primary"
          size="large"
          icon={KeyRound}
          data-testid="say-who"
          onClick={() => useApp.getState().openDialog('unlock')}
        >
          {t('kiosk.sayWho')}
        </Button>
      </div>
    );
  if (kiosk.role === 'auditor') return <p role="status">{t('kiosk.auditorHere')}</p>;
  const [key, values] = refusal(kiosk, look(kiosk, 'open-files'));
  return <p role="status">{t(key, values)}</p>;
}
