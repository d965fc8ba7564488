/**
 * One tooltip for the whole page: shown after a moment's hover or at once on keyboard focus, gone on Escape, press and leave.
 * It only repeats or explains what already has a name, so it is hidden from screen readers.
 */
import { useLayoutEffect, useMemo, useRef, useSyncExternalStore, type FocusEvent, type PointerEvent } from 'react';

interface TipState {
  readonly text: string;
  readonly keys: string | undefined;
  readonly anchor: Element;
}

let current: TipState | null = null;
let timer = 0;
const listeners = new Set<() => void>();

function show(next: TipState | null): void {
  window.clearTimeout(timer);
  if (current === next) return;
  current = next;
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** Handlers for anything that wants a tooltip. */
export function useTip(text: string, keys?: string) {
  return useMemo(
    () => ({
      onPointerEnter: (event: PointerEvent) => {
        if (event.pointerType === 'touch') return;
        const anchor = event.currentTarget;
        window.clearTimeout(timer);
        timer = window.setTimeout(() => show({ text, keys, anchor }), 450);
      },
      onPointerLeave: () => show(null),
      onPointerDown: () => show(null),
      onFocus: (event: FocusEvent) => {
        if (event.currentTarget.matches(':focus-visible')) show({ text, keys, anchor: event.currentTarget });
      },
      onBlur: () => show(null),
    }),
    [text, keys],
  );
}

export function TipLayer() {
  const tip = useSyncExternalStore(subscribe, () => current);
  const box = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    const element = box.current;
    if (!tip || !element) return;
    // In the top layer, so that an open dialog does not cover it.
    if (!element.matches(':popover-open')) element.showPopover();
    const anchor = tip.anchor.getBoundingClientRect();
    const size = element.getBoundingClientRect();
    const gap = 6;
    const below = anchor.bottom + gap + size.height < window.innerHeight;
    const left = anchor.left + anchor.width / 2 - size.width / 2;
    element.style.left = `${Math.max(gap, Math.min(left, window.innerWidth - size.width - gap))}px`;
    element.style.top = `${below ? anchor.bottom + gap : anchor.top - gap - size.height}px`;
  }, [tip]);
  useLayoutEffect(() => {
    const hide = (event: KeyboardEvent) => {
      if (event.key === 'Escape') show(null);
    };
    window.addEventListener('keydown', hide);
    return () => window.removeEventListener('keydown', hide);
  }, []);
  if (!tip?.anchor.isConnected) return null;
  return (
    <div ref={box} className="tip" aria-hidden="true" popover="manual">
      {tip.text}
      {tip.keys !== undefined && <kbd>{tip.keys}</kbd>}
    </div>
  );
}
