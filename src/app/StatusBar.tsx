import { CircleAlert, Pause, Play, X } from 'lucide-react';
import { useMemo } from 'react';
import { Button, IconButton } from '../components/Button';
import { Meter } from '../components/Meter';
import { StateChip } from '../components/State';
import { cancelExport, pauseChecks, pauseExport, resumeExport } from '../features/session';
import { useTree } from '../features/studies/use-tree';
import { destinationWords } from '../locales/destination-words';
import { useWords, type Words } from '../locales';
import { formatNumber, roughDuration } from '../locales/format';
import { useApp, type StateKind } from '../store';

const states: readonly StateKind[] = ['ready', 'review', 'working', 'refused', 'skipped'];

/** Progress, counts, and the way to what went wrong. Never an alert. */
export function StatusBar() {
  const words = useWords();
  const { t, locale } = words;
  const tree = useTree();
  const instances = useApp((s) => s.instances);
  const messagesOpen = useApp((s) => s.messagesOpen);
  const problems = useMemo(() => [...instances.values()].filter((e) => e.problem !== null).length, [instances]);
  return (
    <footer className="status-bar" aria-label={t('status.title')}>
      <Work words={words} />
      <span className="status-bar__space" />
      <ul className="status-bar__counts" aria-label={t('status.counts')} data-testid="status-counts">
        {states.map(
          (state) =>
            tree.counts[state] > 0 && (
              <li key={state}>
                <button
                  type="button"
                  className="status-bar__count"
                  onClick={() => {
                    const app = useApp.getState();
                    app.setFilter(app.filter === state ? 'all' : state);
                    app.setSettings({ studiesOpen: true });
                  }}
                >
                  <StateChip
                    state={state}
                    text={`${formatNumber(tree.counts[state], locale)} ${t(`state.${state}`)}`}
                  />
                </button>
              </li>
            ),
        )}
      </ul>
      {problems > 0 && (
        <Button
          size="small"
          look="ghost"
          icon={CircleAlert}
          data-testid="open-problems"
          aria-expanded={messagesOpen}
          onClick={() => useApp.getState().setMessagesOpen(!messagesOpen)}
        >
          {t('status.problems', { count: problems })}
        </Button>
      )}
    </footer>
  );
}

function Work({ words }: { readonly words: Words }) {
  const { t } = words;
  const collecting = useApp((s) => s.collecting > 0);
  const reading = useApp((s) => s.reading);
  const checking = useApp((s) => s.checking);
  const checksPaused = useApp((s) => s.checksPaused);
  const model = useApp((s) => s.model);
  const exportState = useApp((s) => s.exportState);
  const progress = useApp((s) => s.exportProgress);
  const result = useApp((s) => s.exportResult);

  if (exportState === 'running' || exportState === 'paused') {
    const paused = exportState === 'paused';
    const left = progress?.secondsLeft ?? null;
    const rate = progress?.rate ?? null;
    return (
      <div className="status-bar__work" data-testid="progress">
        <span>{t('status.exporting', { done: progress?.done ?? 0, total: progress?.total ?? 0 })}</span>
        <Meter label={t('export.running')} done={progress?.done ?? 0} total={progress?.total ?? 0} />
        {paused ? (
          <span className="dim">{t('status.paused')}</span>
        ) : (
          <span className="dim">
            {[
              rate !== null && rate > 0
                ? t('status.rate', { rate: rate < 10 ? rate.toFixed(1) : Math.round(rate) })
                : null,
              left === null ? null : timeLeft(left, t),
            ]
              .filter(Boolean)
              .join(' · ')}
          </span>
        )}
        <IconButton
          small
          icon={paused ? Play : Pause}
          label={paused ? t('status.resume') : t('status.pause')}
          onClick={paused ? resumeExport : pauseExport}
        />
        <IconButton small icon={X} label={t('command.cancelExport')} onClick={cancelExport} />
      </div>
    );
  }
  if (collecting) return <div className="status-bar__work">{t('status.collecting')}</div>;
  if (reading.total > 0) {
    return (
      <div className="status-bar__work" data-testid="progress">
        <span>{t('status.reading', { ...reading })}</span>
        <Meter label={t('status.readingLabel')} done={reading.done} total={reading.total} />
      </div>
    );
  }
  if (checking.total > 0) {
    return (
      <div className="status-bar__work" data-testid="progress">
        <span>{model.state === 'loading' ? t('status.model') : t('status.checking', { ...checking })}</span>
        <Meter label={t('status.checkingLabel')} done={checking.done} total={checking.total} />
        {checksPaused && <span className="dim">{t('status.paused')}</span>}
        <IconButton
          small
          icon={checksPaused ? Play : Pause}
          label={checksPaused ? t('status.resumeChecks') : t('status.pauseChecks')}
          data-testid="pause-checks"
          onClick={() => pauseChecks(!checksPaused)}
        />
      </div>
    );
  }
  if (exportState === 'finished' && result) {
    return (
      <div className="status-bar__work" data-testid="progress-done">
        {result.failure
          ? t('export.failed')
          : t('status.exported', {
              count: result.counts.exported,
              destination: destinationWords(result.destination, t),
            })}
      </div>
    );
  }
  return (
    <div className="status-bar__work dim" data-testid="progress-idle">
      {t('status.idle')}
    </div>
  );
}

function timeLeft(seconds: number, t: Words['t']): string {
  const { unit, count } = roughDuration(seconds);
  return t(`status.left.${unit}`, { count });
}
