import { useState, type KeyboardEvent, type PointerEvent } from 'react';

interface SplitterProps {
  readonly label: string;
  /** Id of the panel whose width it sets. */
  readonly controls: string;
  readonly value: number;
  readonly min: number;
  readonly max: number;
  /** 1: dragging right widens the panel; -1: narrows it. */
  readonly direction: 1 | -1;
  readonly onChange: (width: number) => void;
}

/** The line between two panels: dragged, or moved with the arrow keys (16 px a press). */
export function Splitter({ label, controls, value, min, max, direction, onChange }: SplitterProps) {
  const [from, setFrom] = useState<{ x: number; value: number } | null>(null);
  const set = (width: number) => onChange(Math.round(Math.min(max, Math.max(min, width))));
  const onKeyDown = (event: KeyboardEvent) => {
    const step = { ArrowRight: 16 * direction, ArrowLeft: -16 * direction, Home: min - value, End: max - value }[
      event.key
    ];
    if (step === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    set(value + step);
  };
  const onPointerDown = (event: PointerEvent<HTMLDivElement>) => {
    if (event.button !== 0) return;
    event.currentTarget.setPointerCapture(event.pointerId);
    setFrom({ x: event.clientX, value });
  };
  return (
    <div
      className="splitter"
      role="separator"
      aria-orientation="vertical"
      aria-label={label}
      aria-controls={controls}
      aria-valuenow={value}
      aria-valuemin={min}
      aria-valuemax={max}
      tabIndex={0}
      data-dragging={from !== null}
      onKeyDown={onKeyDown}
      onPointerDown={onPointerDown}
      onPointerMove={(event) => {
        if (from) set(from.value + (event.clientX - from.x) * direction);
      }}
      onPointerUp={() => setFrom(null)}
      onPointerCancel={() => setFrom(null)}
    />
  );
}
