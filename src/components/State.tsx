import { CircleCheck, CircleMinus, CircleX, Eye, LoaderCircle, type LucideIcon } from 'lucide-react';
import { useWords } from '../locales';
import type { StateKind } from '../store';

export const stateIcons: Readonly<Record<StateKind, LucideIcon>> = {
  ready: CircleCheck,
  working: LoaderCircle,
  review: Eye,
  refused: CircleX,
  skipped: CircleMinus,
};

interface StateChipProps {
  readonly state: StateKind;
  /** Instead of the state's own word: a count, or a finer word. */
  readonly text?: string;
  /** The icon alone; the word is spoken. */
  readonly bare?: boolean;
}

export function StateChip({ state, text, bare = false }: StateChipProps) {
  const { t } = useWords();
  const Icon = stateIcons[state];
  const word = t(`state.${state}`);
  return (
    <span className={`state state--${state}${bare ? ' state--bare' : ''}`}>
      <Icon size={bare ? 14 : 12} aria-hidden />
      {bare ? <span className="sr-only">{word}</span> : (text ?? word)}
      {!bare && text !== undefined && <span className="sr-only">{word}</span>}
    </span>
  );
}
