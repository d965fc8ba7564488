import { Check, ChevronsRight, Layers, Undo2, X } from 'lucide-react';
import { useMemo } from 'react';
import { Button } from '../../components/Button';
import { StateChip } from '../../components/State';
import { explain } from '../../locales/explain';
import { useWords } from '../../locales';
import { currentEntry, stateOf, useApp, type InstanceEntry } from '../../store';
import {
  acceptCurrent,
  acceptSeries,
  alikeInSeries,
  canAccept,
  goToNext,
  openFindings,
  toggleExcluded,
} from './review';
import './review.css';

/** Over the image when anything waits: why this one does, and what to do with it. */
export function ReviewBar() {
  const { t } = useWords();
  const entry = useApp(currentEntry);
  const instances = useApp((s) => s.instances);
  const waiting = useMemo(() => [...instances.values()].filter((e) => stateOf(e) === 'review').length, [instances]);
  const here = entry !== null && stateOf(entry) === 'review';
  if (waiting === 0 && entry?.excluded !== true) return null;
  return (
    <aside className="review-bar" aria-label={t('review.title')} data-testid="review-bar">
      {waiting > 0 && <StateChip state="review" text={t('review.count', { count: waiting })} />}
      {here && <Why entry={entry} />}
      <span className="review-bar__space" />
      {here && (
        <>
          <Button
            size="small"
            icon={Check}
            disabled={!canAccept(entry)}
            data-testid="review-accept"
            onClick={acceptCurrent}
          >
            {t('review.accept')} <kbd>A</kbd>
          </Button>
          <SeriesButton entry={entry} />
        </>
      )}
      {entry?.summary && (here || entry.excluded) && (
        <Button
          size="small"
          look="ghost"
          icon={entry.excluded ? Undo2 : X}
          data-testid="review-exclude"
          onClick={toggleExcluded}
        >
          {entry.excluded ? t('review.putBackAction') : t('review.takeOut')} <kbd>X</kbd>
        </Button>
      )}
      {waiting > (here ? 1 : 0) && (
        <Button size="small" look="ghost" icon={ChevronsRight} data-testid="review-next" onClick={goToNext}>
          {t('review.next')} <kbd>N</kbd>
        </Button>
      )}
    </aside>
  );
}

function SeriesButton({ entry }: { readonly entry: InstanceEntry }) {
  const { t } = useWords();
  const count = alikeInSeries(entry).length;
  if (count < 2) return null;
  return (
    <Button size="small" look="ghost" icon={Layers} onClick={() => acceptSeries(entry)}>
      {t('review.acceptSeries', { count })}
    </Button>
  );
}

function Why({ entry }: { readonly entry: InstanceEntry }) {
  const { t } = useWords();
  const findings = openFindings(entry);
  const sentences = entry.review.map((reason) => {
    if (reason === 'gate' || reason === 'check-failed') {
      return entry.problem ? explain(entry.problem.code).message : t(`review.why.${reason}`);
    }
    return t(`review.why.${reason}`);
  });
  return (
    <span className="review-bar__why">
      {sentences.join(' ')}
      {findings.length > 0 && (
        <button type="button" className="link" onClick={() => useApp.getState().setTab('record')}>
          {t('review.findings', { count: findings.length })}
        </button>
      )}
    </span>
  );
}
