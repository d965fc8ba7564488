import { Eraser, FileUp, FlaskConical, FolderOpen, ScanText, ShieldCheck } from 'lucide-react';
import { Button } from '../../components/Button';
import { useWords } from '../../locales';
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
  return (
    <section className="welcome" aria-labelledby="welcome-title" data-testid="welcome">
      <div className="welcome__drop">
        <FolderOpen size={40} strokeWidth={1.25} aria-hidden />
        <h1 id="welcome-title">{t('welcome.title')}</h1>
        <p>{t('welcome.formats')}</p>
        <div className="welcome__actions">
          <Button
            look="primary"
            size="large"
            icon={FolderOpen}
            data-testid="pick-folder"
            onClick={() => void pickFolder()}
          >
            {t('welcome.folder')}
          </Button>
          <Button size="large" icon={FileUp} data-testid="pick-files" onClick={() => void pickFiles()}>
            {t('welcome.files')}
          </Button>
        </div>
        <Button look="ghost" icon={FlaskConical} data-testid="try-sample" onClick={() => void openSamples()}>
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
