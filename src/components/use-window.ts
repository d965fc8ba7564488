/** Which rows of a long list are on the screen. Rows have known heights, so that a list of 100,000 costs what its window costs. */
import { useCallback, useEffect, useLayoutEffect, useState, type RefObject } from 'react';
import { flushSync } from 'react-dom';

/** Where rows lie, CSS pixels from the top of the list. */
export interface RowLayout {
  readonly length: number;
  readonly height: number;
  readonly top: (index: number) => number;
  /** The row at a height; the last one below the end. */
  readonly indexAt: (y: number) => number;
}

/** Rows that are all of one height. */
export const evenRows = (length: number, rowHeight: number): RowLayout => ({
  length,
  height: length * rowHeight,
  top: (index) => index * rowHeight,
  indexAt: (y) => Math.min(length - 1, Math.max(0, Math.floor(y / rowHeight))),
});

interface View {
  readonly top: number;
  readonly height: number;
}

export interface RowWindow {
  /** First and last row to draw; last < first when there is none. */
  readonly first: number;
  readonly last: number;
  /** Scrolls as little as it takes to show a row whole. */
  readonly reveal: (index: number) => void;
}

export function useWindow(scroller: RefObject<HTMLElement | null>, rows: RowLayout, overscan = 6): RowWindow {
  const [view, setView] = useState<View>({ top: 0, height: 0 });

  useLayoutEffect(() => {
    const element = scroller.current;
    if (!element) return;
    const look = () => setView({ top: element.scrollTop, height: element.clientHeight });
    // Drawn within the frame that scrolls: later would show an empty list for a moment.
    const onScroll = () => flushSync(look);
    look();
    element.addEventListener('scroll', onScroll, { passive: true });
    const observer = new ResizeObserver(look);
    observer.observe(element);
    return () => {
      element.removeEventListener('scroll', onScroll);
      observer.disconnect();
    };
  }, [scroller]);

  // A list that became shorter is scrolled by the browser without an event in some cases.
  useEffect(() => {
    const element = scroller.current;
    if (element && element.scrollTop !== view.top) setView({ top: element.scrollTop, height: element.clientHeight });
  }, [rows.height, scroller, view.top]);

  const reveal = useCallback(
    (index: number) => {
      const element = scroller.current;
      if (!element || index < 0 || index >= rows.length) return;
      const top = rows.top(index);
      const bottom = index + 1 < rows.length ? rows.top(index + 1) : rows.height;
      if (top < element.scrollTop) element.scrollTop = top;
      else if (bottom > element.scrollTop + element.clientHeight) element.scrollTop = bottom - element.clientHeight;
    },
    [rows, scroller],
  );

  if (rows.length === 0) return { first: 0, last: -1, reveal };
  return {
    first: Math.max(0, rows.indexAt(view.top) - overscan),
    last: Math.min(rows.length - 1, rows.indexAt(view.top + view.height) + overscan),
    reveal,
  };
}

/** The indexes from first to last. */
export const indexes = ({ first, last }: Pick<RowWindow, 'first' | 'last'>): readonly number[] =>
  Array.from({ length: Math.max(0, last - first + 1) }, (_, i) => first + i);
