import { CircleCheck, CirclePause, FileArchive, TriangleAlert } from 'lucide-react';
import { Button } from '../../components/Button';
import { Dialog } from '../../components/Dialog';
import { destinationWords } from '../../locales/destination-words';
import { explain } from '../../locales/explain';
import { useWords } from '../../locales';
import { formatBytes, formatNumber, sentenceGap } from '../../locales/format';
import { useApp } from '../../store';
import { saveArchive } from '../session';

export function Finished({ onClose }: { readonly onClose: () => void }) {
  const { t, locale } = useWords();
  const result = useApp((s) => s.exportResult);
  const refused = useApp((s) => s.exportFailure);
  const failure = refused ?? result?.failure ?? null;
  const again = () => useApp.getState().setJobs({ exportState: 'idle' });
  const counts = result?.counts;
  // What a cancel or a lost destination left unwritten is still ready: it was not set aside.
  const unwritten = result?.items.filter((item) => item.code === 'cancelled').length ?? 0;
  return (
    <Dialog
      title={failure ? t('export.failed') : result?.complete === false ? t('export.cancelled') : t('export.done')}
      testId="export-dialog"
      onClose={onClose}
      foot={
        <>
          <Button look="ghost" onClick={again}>
            {t('export.again')}
          </Button>
          {result?.hasArchive === true && (
            <Button icon={FileArchive} data-testid="save-archive" onClick={saveArchive}>
              {t('export.saveAgain')}
            </Button>
          )}
          <Button look="primary" data-testid="export-close" onClick={onClose}>
            {t('action.done')}
          </Button>
        </>
      }
    >
      <div className="export" data-testid="export-result">
        {failure && (
          <p className="export__verdict export__verdict--bad" role="alert">
            <TriangleAlert size={20} aria-hidden />
            <span>
              {explain(failure.code).message}
              {sentenceGap(locale)}
              {explain(failure.code).next}
            </span>
          </p>
        )}
        {result && counts && (
          <>
            {!failure && (
              <p className={result.complete ? 'export__verdict' : 'export__verdict export__verdict--part'}>
                {result.complete ? <CircleCheck size={20} aria-hidden /> : <CirclePause size={20} aria-hidden />}
                <span>
                  {t('export.doneText', {
                    count: counts.exported,
                    destination: destinationWords(result.destination, t),
                  })}
                </span>
              </p>
            )}
            <dl className="facts">
              <dt>{t('record.exported')}</dt>
              <dd data-testid="result-exported">{formatNumber(counts.exported, locale)}</dd>
              <dt>{t('state.review')}</dt>
              <dd data-testid="result-review">{formatNumber(counts['needs-review'], locale)}</dd>
              <dt>{t('state.refused')}</dt>
              <dd data-testid="result-refused">{formatNumber(counts.refused, locale)}</dd>
              <dt>{t('state.skipped')}</dt>
              <dd data-testid="result-skipped">{formatNumber(counts.skipped - unwritten, locale)}</dd>
              {unwritten > 0 && (
                <>
                  <dt>{t('export.unwritten')}</dt>
                  <dd data-testid="result-unwritten">{formatNumber(unwritten, locale)}</dd>
                </>
              )}
              <dt>{t('export.size')}</dt>
              <dd>{formatBytes(result.report.totals.bytesOut, locale)}</dd>
              <dt>{t('record.redacted')}</dt>
              <dd>{formatNumber(result.report.totals.regionsRedacted, locale)}</dd>
            </dl>
            {counts['needs-review'] > 0 && <p>{t('export.reviewNext')}</p>}
          </>
        )}
      </div>
    </Dialog>
  );
}
