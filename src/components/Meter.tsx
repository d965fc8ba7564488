interface MeterProps {
  readonly label: string;
  readonly done: number;
  readonly total: number;
}

export function Meter({ label, done, total }: MeterProps) {
  const part = total === 0 ? 0 : Math.min(1, done / total);
  return (
    <span
      className="meter"
      role="progressbar"
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={total}
      aria-valuenow={done}
    >
      <span className="meter__fill" style={{ transform: `scaleX(${part})` }} />
    </span>
  );
}
