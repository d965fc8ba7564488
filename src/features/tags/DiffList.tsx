import { evenRows, indexes, useWindow } from '../../components/use-window';
import { useEffect, useMemo, useRef, type KeyboardEvent } from 'react';
import { formatPath } from '../../core/dicom/data-set';
import { useWords } from '../../locales';
import { useApp } from '../../store';
import type { DiffRow } from './diff';
import { DiffLine } from './DiffLine';

/** CSS pixels; the same in tags.css. */
const rowHeight = 24;

interface DiffListProps {
  readonly rows: readonly DiffRow[];
  readonly selected: string | null;
  readonly onFold: (key: string) => void;
}

export function DiffList({ rows, selected, onFold }: DiffListProps) {
  const { t } = useWords();
  const scroller = useRef<HTMLDivElement>(null);
  const layout = useMemo(() => evenRows(rows.length, rowHeight), [rows.length]);
  const shown = useWindow(scroller, layout, 12);
  const select = (index: number) => {
    const row = rows[index];
    if (!row) return;
    shown.reveal(index);
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
  const selectedIndex = rows.findIndex((r) => r.kind === 'element' && formatPath(r.row.path) === selected);
  const first = selectedIndex >= shown.first && selectedIndex <= shown.last ? selectedIndex : shown.first;
  useEffect(() => {
    if (selectedIndex >= 0) shown.reveal(selectedIndex);
    // Only when another attribute is chosen, not whenever rows come and go.
  }, [selected, selectedIndex >= 0]);
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
        <div className="diff__space" role="presentation" style={{ height: layout.height }}>
          {indexes(shown).map((index) => {
            const row = rows[index];
            if (!row) return null;
            return (
              <DiffLine
                key={row.key}
                row={row}
                index={index}
                top={layout.top(index)}
                selected={index === selectedIndex}
                focusable={index === first}
                onSelect={() => select(index)}
                onFold={onFold}
              />
            );
          })}
        </div>
      </div>
    </div>
  );
}
