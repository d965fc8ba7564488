import { ChevronRight, UserPen } from 'lucide-react';
import { formatPath, formatTag } from '../../core/dicom/data-set';
import { useWords } from '../../locales';
import { cellText, type DiffRow } from './diff';
import { CodeChip } from './CodeChip';

interface DiffLineProps {
  readonly row: DiffRow;
  readonly index: number;
  readonly top: number;
  readonly selected: boolean;
  readonly focusable: boolean;
  readonly onSelect: () => void;
  readonly onFold: (key: string) => void;
}

export function DiffLine({ row, index, top, selected, focusable, onSelect, onFold }: DiffLineProps) {
  const { t } = useWords();
  const place = { transform: `translateY(${top}px)` };
  const indent = { paddingLeft: `calc(${row.depth} * var(--space-3))` };
  if (row.kind === 'item') {
    return (
      <div
        className="diff__row diff__row--item"
        role="row"
        aria-level={row.depth + 1}
        data-index={index}
        tabIndex={focusable ? 0 : -1}
        style={place}
      >
        <span role="gridcell" />
        <span role="gridcell" className="diff__item" style={indent}>
          {t('tags.item', { number: row.index + 1 })}
        </span>
        <span role="gridcell" />
        <span role="gridcell" />
      </div>
    );
  }
  const { row: plan } = row;
  const look = !plan.changed
    ? 'same'
    : plan.after === undefined
      ? 'removed'
      : plan.before === undefined
        ? 'added'
        : 'changed';
  const yours = plan.rule.source === 'override';
  return (
    <div
      className={`diff__row diff__row--${look}${yours ? ' diff__row--yours' : ''}`}
      role="row"
      aria-level={row.depth + 1}
      aria-selected={selected}
      aria-rowindex={index + 2}
      {...(row.parent && { 'aria-expanded': row.open })}
      data-index={index}
      data-tag={plan.tag.toString(16).padStart(8, '0')}
      tabIndex={focusable ? 0 : -1}
      style={place}
      onClick={onSelect}
    >
      <span role="gridcell" className="diff__code">
        <CodeChip code={plan.action} />
      </span>
      <span role="gridcell" className="diff__name" style={indent}>
        {row.parent && (
          <button
            type="button"
            className="diff__fold"
            tabIndex={-1}
            aria-label={row.open ? t('tags.fold') : t('tags.unfold')}
            onClick={(event) => {
              event.stopPropagation();
              onFold(formatPath(plan.path));
            }}
          >
            <ChevronRight size={12} aria-hidden className={row.open ? 'chevron chevron--open' : 'chevron'} />
          </button>
        )}
        <span className="diff__text" title={`${formatTag(plan.tag)} ${plan.name}`}>
          {plan.name || plan.keyword || formatTag(plan.tag)}
        </span>
        {yours && (
          <span className="diff__yours">
            <UserPen size={12} aria-hidden />
            <span className="sr-only">{t('tags.yours')}</span>
          </span>
        )}
      </span>
      <span role="gridcell" className="diff__value diff__value--before">
        {cellText({ t }, plan.vr, plan.before)}
      </span>
      <span role="gridcell" className="diff__value diff__value--after">
        {look === 'removed' ? (
          <span className="sr-only">{t('tags.removed')}</span>
        ) : plan.changed && plan.after === '' ? (
          <span className="diff__empty">{t('tags.empty')}</span>
        ) : (
          cellText({ t }, plan.vr, plan.after)
        )}
      </span>
    </div>
  );
}
