import { RotateCcw } from 'lucide-react';
import { Button } from '../../components/Button';
import { useWords } from '../../locales';
import { useApp } from '../../store';
import { forgetInterrupted } from '../session';
import { goOn } from './resume';
import './resume.css';

/** Says plainly that an export was interrupted, and offers to go on. */
export function ResumeBanner() {
  const { t } = useWords();
  const interrupted = useApp((s) => s.interrupted);
  const busy = useApp((s) => s.exportState === 'running' || s.exportState === 'paused' || s.collecting > 0);
  const any = useApp((s) => s.instances.size > 0);
  if (interrupted === null || busy) return null;
  const { done, total, folder, byItself } = interrupted;
  return (
    <section className="resume" aria-labelledby="resume-title" data-testid="resume-banner">
      <RotateCcw size={20} strokeWidth={1.5} aria-hidden />
      <div className="resume__words">
        <h2 id="resume-title">{t('resume.title')}</h2>
        <p>
          {t('resume.text', { done, total, folder })} {!byItself && !any && t('resume.openFirst')}
        </p>
      </div>
      <Button look="primary" disabled={!byItself && !any} data-testid="resume-go-on" onClick={() => void goOn()}>
        {t('resume.goOn')}
      </Button>
      <Button look="ghost" data-testid="resume-forget" onClick={() => void forgetInterrupted()}>
        {t('resume.forget')}
      </Button>
    </section>
  );
}
