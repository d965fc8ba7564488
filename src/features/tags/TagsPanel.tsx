import { useVirtualizer } from '@tanstack/react-virtual';
import { ChevronRight, ListFilter } from 'lucide-react';
import { useEffect, useMemo, useRef, useState, type KeyboardEvent } from 'react';
import { IconButton } from '../../components/Button';
import { SearchField } from '../../components/Fields';
import { useTip } from '../../components/Tip';
import { formatPath, formatTag } from '../../core/dicom/data-set';
import type { PlanRow } from '../../core/deid/plan';
import type { ActionCode } from '../../core/deid/profile';
import type { Failure } from '../../core/result';
import { explain } from '../../locales/explain';
import { useWords } from '../../locales';
import { formatNumber } from '../../locales/format';
import { useApp, type InstanceEntry } from '../../store';
import { loadPlan } from '../session';
import { actionCounts, diffRows, type DiffRow } from './diff';
import { TagDetails } from './TagDetails';
import './tags.css';

interface PlanView {
  readonly rows: readonly PlanRow[] | null;
  readonly failure: Failure | null;
}

/** The plan of the Instance on the screen. The one before stays until the new one is there. */
function usePlan(entry: InstanceEntry): PlanView {
  const profile = useApp((s) => s.profile);
  const redacts = useApp((s) => s.regions[entry.id]?.some((r) => r.action === 'redact') ?? false);
  const [view, setView] = useState<PlanView>({ rows: null, failure: null });
  const readable = entry.summary !== null;
  useEffect(() => {
    if (!readable) {
      setView({ rows: null, failure: null });
      return;
    }
    const abort = new AbortController();
    // Scrolling through a series asks for one plan, not for one per image.
    const timer = window.setTimeout(() => {
      void loadPlan(entry.id, profile, useApp.getState().regions[entry.id] ?? [], abort.signal).then((result) => {
        if (abort.signal.aborted) return;
        setView(result.ok ? { rows: result.value, failure: null } : { rows: null, failure: result });
      });
    }, 60);
    return () => {
      window.clearTimeout(timer);
      abort.abort();
    };
  }, [entry.id, profile, redacts, readable]);
  return view;
}

export function TagsPanel({ entry }: { readonly entry: InstanceEntry }) {
  const { t, locale } = useWords();
  const { rows, failure } = usePlan(entry);
  const [search, setSearch] = useState('');
  const [changedOnly, setChangedOnly] = useState(true);
  const [folded, setFolded] = useState<ReadonlySet<string>>(new Set());
  const selected = useApp((s) => s.tagPath);
  const shown = useMemo(
    () => (rows ? diffRows(rows, { search, changedOnly, folded }) : []),
    [rows, search, changedOnly, folded],
  );
  const counts = useMemo(() => (rows ? actionCounts(rows) : null), [rows]);
  const selectedRow = useMemo(
    () => (selected === null ? null : (rows?.find((r) => formatPath(r.path) === selected) ?? null)),
    [rows, selected],
  );
  const fold = (key: string) =>
    setFolded((before) => {
      const next = new Set(before);
      if (!next.delete(key)) next.add(key);
      return next;
    });

  return (
    <div className="tags">
      <div className="tags__tools">
        <SearchField id="tags-search" label={t('tags.search')} value={search} onChange={setSearch} />
        <IconButton
          icon={ListFilter}
          label={t('tags.changedOnly')}
          aria-pressed={changedOnly}
          data-testid="changed-only"
          onClick={() => setChangedOnly(!changedOnly)}
        />
      </div>
      <p className="tags__counts" data-testid="tag-counts">
        {counts
          ? t('tags.counts', {
              removed: formatNumber(counts.removed, locale),
              changed: formatNumber(counts.changed, locale),
              kept: formatNumber(counts.kept, locale),
            })
          : ' '}
      </p>
      {failure && failure.code !== 'cancelled' ? (
        <p className="tags__none">{explain(failure.code).message}</p>
      ) : rows === null ? (
        <TagsSkeleton />
      ) : shown.length === 0 ? (
        <p className="tags__none">{search === '' ? t('tags.nothingChanges') : t('tags.noMatch')}</p>
      ) : (
        <DiffList rows={shown} selected={selected} onFold={fold} />
      )}
      {selectedRow && <TagDetails row={selectedRow} kind={entry.summary?.kind ?? 'dicom'} />}
    </div>
  );
}

function TagsSkeleton() {
  return (
    <div className="tags__skeleton" aria-hidden="true">
      {Array.from({ length: 14 }, (_, i) => (
        <span key={i} className="skeleton" />
      ))}
    </div>
  );
}

interface DiffListProps {
  readonly rows: readonly DiffRow[];
  readonly selected: string | null;
  readonly onFold: (key: string) => void;
}

function DiffList({ rows, selected, onFold }: DiffListProps) {
  const { t } = useWords();
  const scroller = useRef<HTMLDivElement>(null);
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => 24,
    getItemKey: (index) => rows[index]?.key ?? index,
    overscan: 12,
  });
  const select = (index: number) => {
    const row = rows[index];
    if (!row) return;
    virtual.scrollToIndex(index, { align: 'auto' });
    if (row.kind === 'element') useApp.getState().setTagPath(formatPath(row.row.path));
    requestAnimationFrame(() => scroller.current?.querySelector<HTMLElement>(`[data-index="${index}"]`)?.focus());
  };
  const onKeyDown = (event: KeyboardEvent<HTMLDivElement>) => {
    const at = Number(document.activeElement?.closest<HTMLElement>('[data-index]')?.dataset['index'] ?? -1);
    const row = rows[at];
    const to = {
      ArrowDown: at + 1,
      ArrowUp: at - 1,
      Home: 0,
      End: rows.length - 1,
      PageDown: at + 15,
      PageUp: at - 15,
    }[event.key];
    const folds =
      row?.kind === 'element' &&
      row.parent &&
      ((event.key === 'ArrowRight' && !row.open) || (event.key === 'ArrowLeft' && row.open));
    if (folds) onFold(formatPath(row.row.path));
    else if (to !== undefined) select(Math.min(rows.length - 1, Math.max(0, to)));
    else if (event.key === 'Enter' || event.key === ' ') select(at);
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  const items = virtual.getVirtualItems();
  const selectedIndex = rows.findIndex((r) => r.kind === 'element' && formatPath(r.row.path) === selected);
  const first = items.some((i) => i.index === selectedIndex) ? selectedIndex : (items[0]?.index ?? 0);
  return (
    <div
      className="diff"
      role="treegrid"
      aria-label={t('tags.title')}
      aria-rowcount={rows.length + 1}
      data-testid="tag-diff"
    >
      <div className="diff__head" role="row">
        <span role="columnheader">
          <span className="sr-only">{t('tags.action')}</span>
        </span>
        <span role="columnheader">{t('tags.attribute')}</span>
        <span role="columnheader">{t('tags.before')}</span>
        <span role="columnheader">{t('tags.after')}</span>
      </div>
      <div ref={scroller} className="diff__body" role="rowgroup" onKeyDown={onKeyDown}>
        <div className="diff__space" role="presentation" style={{ height: virtual.getTotalSize() }}>
          {items.map((item) => {
            const row = rows[item.index];
            if (!row) return null;
            return (
              <DiffLine
                key={item.key}
                row={row}
                index={item.index}
                top={item.start}
                selected={item.index === selectedIndex}
                focusable={item.index === first}
                onSelect={() => select(item.index)}
                onFold={onFold}
              />
            );
          })}
        </div>
      </div>
    </div>
  );
}

interface DiffLineProps {
  readonly row: DiffRow;
  readonly index: number;
  readonly top: number;
  readonly selected: boolean;
  readonly focusable: boolean;
  readonly onSelect: () => void;
  readonly onFold: (key: string) => void;
}

function DiffLine({ row, index, top, selected, focusable, onSelect, onFold }: DiffLineProps) {
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
  return (
    <div
      className={`diff__row diff__row--${look}`}
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
      </span>
      <span role="gridcell" className="diff__value diff__value--before">
        {plan.before ?? ''}
      </span>
      <span role="gridcell" className="diff__value diff__value--after">
        {look === 'removed' ? (
          <span className="sr-only">{t('tags.removed')}</span>
        ) : plan.changed && plan.after === '' ? (
          <span className="diff__empty">{t('tags.empty')}</span>
        ) : (
          (plan.after ?? '')
        )}
      </span>
    </div>
  );
}

/** A code of PS3.15 with its meaning in words. */
export function CodeChip({ code }: { readonly code: ActionCode }) {
  const { t } = useWords();
  const words = t(`code.${code}`);
  const tip = useTip(words);
  return (
    <span className={`code code--${code}`} {...tip}>
      <span aria-hidden="true">{code}</span>
      <span className="sr-only">{words}</span>
    </span>
  );
}
