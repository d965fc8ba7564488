import { Check, ChevronsLeft, ChevronsRight, Undo2, X } from 'lucide-react';
import { Button, IconButton } from '../../components/Button';
import { Segments } from '../../components/Fields';
import { StateChip } from '../../components/State';
import { useWords } from '../../locales';
import { currentEntry, stateOf, useApp, type InstanceEntry, type ReviewScope } from '../../store';
import { useTree } from '../studies/use-tree';
import {
  acceptable,
  acceptCurrent,
  canAccept,
  excludeCurrent,
  goToNext,
  goToPrevious,
  inScope,
  isDecidable,
  openFindings,
  scopesOf,
} from './review';
import { Why } from './Why';
import './review.css';

/** Over the image when anything waits, or when the last check held this one back: why, and what to do with it. */
export function ReviewBar() {
  const { t } = useWords();
  const entry = useApp(currentEntry);
  const waiting = useTree().counts.review;
  const here = entry !== null && stateOf(entry) === 'review';
  const held = entry !== null && stateOf(entry) === 'refused' && openFindings(entry).length > 0;
  if (waiting === 0 && !held && entry?.excluded !== true) return null;
  const decidable = entry && isDecidable(entry) ? entry : null;
  return (
    <aside className="review-bar" aria-label={t('review.title')} data-testid="review-bar">
      {waiting > 0 && <StateChip state="review" text={t('review.count', { count: waiting })} />}
      {held && <StateChip state="refused" />}
      {entry?.excluded === true && <StateChip state="skipped" text={t('review.isOut')} />}
      {(here || held) && <Why entry={entry} />}
      <span className="review-bar__space" />
      <div className="review-bar__actions">
        {decidable && <Scope entry={decidable} />}
        {here && <Accept entry={entry} />}
        {decidable && (
          <Button
            size="small"
            look="ghost"
            icon={decidable.excluded ? Undo2 : X}
            data-testid="review-exclude"
            onClick={excludeCurrent}
          >
            {decidable.excluded ? t('review.putBackAction') : t('review.takeOut')} <kbd>X</kbd>
          </Button>
        )}
        {waiting > (here ? 1 : 0) && (
          <span className="review-bar__steps">
            <IconButton
              small
              icon={ChevronsLeft}
              label={t('review.previous')}
              keys="⇧ N"
              data-testid="review-previous"
              onClick={goToPrevious}
            />
            <IconButton
              small
              icon={ChevronsRight}
              label={t('review.next')}
              keys="N"
              data-testid="review-next"
              onClick={goToNext}
            />
          </span>
        )}
      </div>
    </aside>
  );
}

/** How far accepting and taking out reach. */
function Scope({ entry }: { readonly entry: InstanceEntry }) {
  const { t } = useWords();
  const scope = useApp((s) => s.reviewScope);
  const open = scopesOf(entry);
  if (open.length < 2) return null;
  return (
    <Segments<ReviewScope>
      label={t('review.scope')}
      value={open.includes(scope) ? scope : 'image'}
      choices={open.map((value) => ({
        value,
        label: t(`review.scope.${value}`, { count: inScope(entry, value).length }),
      }))}
      onChange={(value) => useApp.getState().setReviewScope(value)}
    />
  );
}

function Accept({ entry }: { readonly entry: InstanceEntry }) {
  const { t } = useWords();
  const scope = useApp((s) => s.reviewScope);
  const count = acceptable(inScope(entry, scope)).length;
  return (
    <Button
      size="small"
      look="primary"
      icon={Check}
      disabled={!canAccept(entry)}
      data-testid="review-accept"
      onClick={acceptCurrent}
    >
      {count > 1 ? t('review.acceptMany', { count }) : t('review.accept')} <kbd>A</kbd>
    </Button>
  );
}
