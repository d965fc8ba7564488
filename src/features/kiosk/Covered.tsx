import { EyeOff, KeyRound, ShieldCheck } from 'lucide-react';
import { Button } from '../../components/Button';
import { useKioskWords } from '../../locales/kiosk';
import { useWords } from '../../locales';
import { useApp } from '../../store';
import { isAllowed } from '../../store/kiosk';
import { RecordPanel } from '../audit';
import './kiosk.css';

/** In place of images that somebody else has open: whoever may read the record sees that. */
export function Covered() {
  const { t } = useWords();
  const { p } = useKioskWords();
  const mayRead = useApp((s) => isAllowed(s, 'see-record'));
  const { openDialog } = useApp.getState();
  return (
    <section className="covered" aria-labelledby="covered-title" data-testid="covered">
      <div className="covered__card">
        <EyeOff size={32} strokeWidth={1.5} aria-hidden />
        <h1 id="covered-title">{p('covered.title')}</h1>
        <p>{p('covered.about')}</p>
        <div className="covered__actions">
          <Button look="primary" icon={KeyRound} onClick={() => openDialog('unlock')}>
            {t('kiosk.unlock')}
          </Button>
          {mayRead && (
            <Button icon={ShieldCheck} onClick={() => openDialog('verify')}>
              {t('verify.title')}
            </Button>
          )}
        </div>
      </div>
      {mayRead && (
        <div className="covered__record">
          <RecordPanel />
        </div>
      )}
    </section>
  );
}
