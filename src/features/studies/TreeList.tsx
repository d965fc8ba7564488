import { memo, useEffect, useMemo, useRef, type KeyboardEvent } from 'react';
import { indexes, useWindow } from '../../components/use-window';
import { useWords } from '../../locales';
import { currentEntry, useApp } from '../../store';
import { rowHeights, type Row, type Rows } from './rows';
import { pathOf } from './tree-index';
import { TreeRow } from './TreeRow';

interface TreeListProps {
  readonly rows: Rows;
  /** Several patients: each row of one says how many images it has. */
  readonly several: boolean;
}

export function TreeList({ rows, several }: TreeListProps) {
  const { t } = useWords();
  const scroller = useRef<HTMLDivElement>(null);
  const currentId = useApp((s) => s.currentId);
  const shown = useWindow(scroller, rows);
  const currentIndex = useMemo(() => rows.indexOf(currentId), [rows, currentId]);
  const current = useApp(currentEntry);
  const above = useMemo(() => (currentIndex < 0 && current ? pathOf(current) : []), [current, currentIndex]);
  useEffect(() => {
    if (currentIndex >= 0) shown.reveal(currentIndex);
    // Only when another image is shown, not whenever rows come and go.
  }, [currentId]);

  const onKeyDown = (event: KeyboardEvent<HTMLDivElement>) => {
    const focused = document.activeElement?.closest<HTMLElement>('[data-index]');
    const at = Number(focused?.dataset['index'] ?? -1);
    const row = rows.at(at);
    const focus = (index: number) => {
      if (index < 0 || index >= rows.length) return;
      shown.reveal(index);
      requestAnimationFrame(() => scroller.current?.querySelector<HTMLElement>(`[data-index="${index}"]`)?.focus());
    };
    const open = row && 'open' in row ? row.open : null;
    switch (event.key) {
      case 'ArrowDown':
        focus(at + 1);
        break;
      case 'ArrowUp':
        focus(at - 1);
        break;
      case 'Home':
        focus(0);
        break;
      case 'End':
        focus(rows.length - 1);
        break;
      case 'ArrowRight':
        if (open === false && row) useApp.getState().toggleNode(row.key);
        else focus(at + 1);
        break;
      case 'ArrowLeft': {
        if (open === true && row) {
          useApp.getState().toggleNode(row.key);
          break;
        }
        let up = at - 1;
        while (row && up >= 0 && (rows.at(up)?.level ?? 0) >= row.level) up--;
        focus(up);
        break;
      }
      default:
        return;
    }
    event.preventDefault();
    event.stopPropagation();
  };

  const focusable = Math.max(0, currentIndex);
  // Out of sight, the first row in sight takes its place.
  const entrance = focusable < shown.first || focusable > shown.last ? shown.first : focusable;
  return (
    <div ref={scroller} className="tree" onKeyDown={onKeyDown} data-testid="studies-tree">
      <div role="tree" aria-label={t('studies.title')} className="tree__space" style={{ height: rows.height }}>
        {indexes(shown).map((index) => {
          const row = rows.at(index);
          if (!row) return null;
          return (
            <TreeItem
              key={row.key}
              row={row}
              index={index}
              top={rows.top(index)}
              selected={'entry' in row && row.entry.id === currentId}
              holds={'open' in row && !row.open && above.includes(row.key)}
              entrance={index === entrance}
              several={several}
            />
          );
        })}
      </div>
    </div>
  );
}

interface TreeItemProps {
  readonly row: Row;
  readonly index: number;
  readonly top: number;
  readonly selected: boolean;
  /** Closed, and what is on the screen lies under it. */
  readonly holds: boolean;
  /** The one that Tab leads to. */
  readonly entrance: boolean;
  readonly several: boolean;
}

const TreeItem = memo(function TreeItem({ row, index, top, selected, holds, entrance, several }: TreeItemProps) {
  const words = useWords();
  return (
    <div
      role="treeitem"
      data-index={index}
      data-kind={row.kind}
      aria-level={row.level}
      aria-setsize={-1}
      aria-posinset={index + 1}
      aria-selected={selected}
      {...(holds && { 'aria-current': true })}
      {...('open' in row && { 'aria-expanded': row.open })}
      tabIndex={entrance ? 0 : -1}
      className={`row row--${row.kind}`}
      style={{ height: rowHeights[row.kind], transform: `translateY(${top}px)` }}
      onClick={() => activate(row)}
      onKeyDown={(event) => {
        if (event.key !== 'Enter' && event.key !== ' ') return;
        event.preventDefault();
        event.stopPropagation();
        activate(row);
      }}
    >
      <TreeRow row={row} words={words} several={several} />
    </div>
  );
}, sameItem);

/** Rows of images are made anew whenever they are asked for; what they show is the same while their entry is. */
function sameItem(a: TreeItemProps, b: TreeItemProps): boolean {
  const content = (row: Row) => ('node' in row ? row.node : 'entry' in row ? row.entry : row.total);
  const open = (row: Row) => 'open' in row && row.open;
  const number = (row: Row) => (row.kind === 'instance' ? row.index : 0);
  return (
    a.row.key === b.row.key &&
    a.index === b.index &&
    a.top === b.top &&
    a.selected === b.selected &&
    a.holds === b.holds &&
    a.entrance === b.entrance &&
    a.several === b.several &&
    content(a.row) === content(b.row) &&
    open(a.row) === open(b.row) &&
    number(a.row) === number(b.row)
  );
}

function activate(row: Row): void {
  const app = useApp.getState();
  if (row.kind === 'instance' || row.kind === 'aside-file') {
    app.show(row.entry.id);
    app.setNarrowPanel('viewer');
  } else {
    // A closed series is opened on its first image: a click is what people mean by "show me this".
    if (row.kind === 'series' && !row.open && !row.node.instances.some((e) => e.id === app.currentId)) {
      const first = row.node.instances[0];
      if (first) app.show(first.id);
    }
    app.toggleNode(row.key);
  }
}
