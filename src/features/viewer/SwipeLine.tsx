import type { PointerEvent } from 'react';
import { useWords } from '../../locales';
import { useApp } from '../../store';
import type { Size } from './transform';

export function SwipeLine({ stage }: { readonly stage: Size }) {
  const { t } = useWords();
  const swipe = useApp((s) => s.swipe);
  const set = useApp((s) => s.setSwipe);
  const move = (event: PointerEvent<HTMLDivElement>) => {
    const box = event.currentTarget.parentElement?.getBoundingClientRect();
    if (box) set((event.clientX - box.left) / box.width);
  };
  return (
    <div
      className="swipe"
      role="slider"
      tabIndex={0}
      aria-label={t('viewer.swipe')}
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={Math.round(swipe * 100)}
      style={{ transform: `translateX(${swipe * stage.width}px)` }}
      onPointerDown={(event) => {
        event.stopPropagation();
        event.currentTarget.setPointerCapture(event.pointerId);
      }}
      onPointerMove={(event) => {
        if (event.currentTarget.hasPointerCapture(event.pointerId)) move(event);
      }}
      onKeyDown={(event) => {
        const step = { ArrowRight: 0.02, ArrowLeft: -0.02, Home: -1, End: 1 }[event.key];
        if (step === undefined) return;
        event.preventDefault();
        event.stopPropagation();
        set(swipe + step);
      }}
    />
  );
}
