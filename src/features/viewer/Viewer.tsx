import { useEffect, useRef } from 'react';
import { useWords } from '../../locales';
import { currentEntry, useApp, type InstanceEntry, type InstanceId } from '../../store';
import { defaultDisplay } from '../../store/view';
import { Stage } from './Stage';
import { StackBar } from './StackBar';
import { Toolbar } from './Toolbar';
import { useFrame } from './use-frames';
import './viewer.css';
import './region-bar.css';

function anyImage(instances: ReadonlyMap<InstanceId, InstanceEntry>): boolean {
  for (const { summary } of instances.values()) if (summary !== null) return true;
  return false;
}

/** Nothing is chosen; or nothing that was opened is an image. */
function Nothing() {
  const { t } = useWords();
  const some = useApp((s) => s.reading.total > 0 || anyImage(s.instances));
  return (
    <div className="viewer__empty">
      <p>{t(some ? 'viewer.empty' : 'viewer.noneOpened')}</p>
    </div>
  );
}

/** The image on the screen, its tools and its slider. */
export function Viewer() {
  const { t } = useWords();
  const entry = useApp(currentEntry);
  const series = entry?.summary ? `${entry.summary.study.key}|${entry.summary.series.key}` : (entry?.id ?? '');
  const lastSeries = useRef(series);
  const pixels = entry?.summary?.pixels;
  const frame = useApp((s) => s.frame);
  const view = useFrame(pixels ? entry.id : null, frame, pixels?.frames ?? 0);

  // Another series is another picture: window and zoom of the last one would make no sense.
  useEffect(() => {
    if (lastSeries.current === series) return;
    lastSeries.current = series;
    useApp.setState({ display: defaultDisplay, playing: false });
  }, [series]);
  useEffect(() => {
    if (pixels?.frameRate) useApp.getState().setCineRate(pixels.frameRate);
  }, [pixels]);

  return (
    <section className="viewer" aria-label={t('viewer.title')}>
      {entry ? (
        <>
          <Toolbar entry={entry} frame={view.shown?.frame ?? null} enabled={(pixels ?? null) !== null} />
          <Stage entry={entry} view={view} />
          {pixels && <StackBar entry={entry} />}
        </>
      ) : (
        <Nothing />
      )}
    </section>
  );
}
