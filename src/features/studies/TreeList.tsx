import { useVirtualizer } from '@tanstack/react-virtual';
import { useEffect, useMemo, useRef, type KeyboardEvent } from 'react';
import { useWords } from '../../locales';
import { useApp } from '../../store';
import type { Row, Tree } from './tree';
import { TreeRow } from './TreeRow';

/** Heights of rows in CSS pixels, known ahead so that nothing jumps: dense 24-px lines, two for what has a picture. */
const rowHeights: Readonly<Record<Row['kind'], number>> = {
  patient: 44,
  study: 40,
  series: 52,
  instance: 28,
  aside: 32,
  'aside-file': 44,
};

export function TreeList({ rows, tree }: { readonly rows: readonly Row[]; readonly tree: Tree }) {
  const words = useWords();
  const scroller = useRef<HTMLDivElement>(null);
  const currentId = useApp((s) => s.currentId);
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: (index) => rowHeights[rows[index]?.kind ?? 'instance'],
    getItemKey: (index) => rows[index]?.key ?? index,
    overscan: 8,
  });

  const currentIndex = useMemo(
    () => rows.findIndex((r) => (r.kind === 'instance' || r.kind === 'aside-file') && r.entry.id === currentId),
    [rows, currentId],
  );
  useEffect(() => {
    if (currentIndex >= 0) virtual.scrollToIndex(currentIndex, { align: 'auto' });
    // Only when another image is shown, not whenever rows come and go.
  }, [currentId]);
  useEffect(() => virtual.measure(), [rows, virtual]);

  const onKeyDown = (event: KeyboardEvent<HTMLDivElement>) => {
    const focused = document.activeElement?.closest<HTMLElement>('[data-index]');
    const at = Number(focused?.dataset['index'] ?? -1);
    const row = rows[at];
    const focus = (index: number) => {
      if (index < 0 || index >= rows.length) return;
      virtual.scrollToIndex(index, { align: 'auto' });
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
        while (row && up >= 0 && (rows[up]?.level ?? 0) >= row.level) up--;
        focus(up);
        break;
      }
      default:
        return;
    }
    event.preventDefault();
    event.stopPropagation();
  };

  const items = virtual.getVirtualItems();
  const focusable = Math.max(0, currentIndex);
  return (
    <div ref={scroller} className="tree" onKeyDown={onKeyDown} data-testid="studies-tree">
      <div
        role="tree"
        aria-label={words.t('studies.title')}
        className="tree__space"
        style={{ height: virtual.getTotalSize() }}
      >
        {items.map((item) => {
          const row = rows[item.index];
          if (!row) return null;
          return (
            <div
              key={item.key}
              role="treeitem"
              data-index={item.index}
              data-kind={row.kind}
              aria-level={row.level}
              aria-setsize={-1}
              aria-posinset={item.index + 1}
              aria-selected={'entry' in row && row.entry.id === currentId}
              {...('open' in row && { 'aria-expanded': row.open })}
              tabIndex={
                item.index === focusable || (focusable < (items[0]?.index ?? 0) && item.index === items[0]?.index)
                  ? 0
                  : -1
              }
              className={`row row--${row.kind}`}
              style={{ height: item.size, transform: `translateY(${item.start}px)` }}
              onClick={() => activate(row)}
              onKeyDown={(event) => {
                if (event.key !== 'Enter' && event.key !== ' ') return;
                event.preventDefault();
                event.stopPropagation();
                activate(row);
              }}
            >
              <TreeRow row={row} words={words} tree={tree} />
            </div>
          );
        })}
      </div>
    </div>
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
