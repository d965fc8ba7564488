import { StateChip } from '../../components/State';
import type { StateKind } from '../../store';

export function Stays({ state, text }: { readonly state: StateKind; readonly text: string }) {
  return (
    <li>
      <StateChip state={state} bare />
      {text}
    </li>
  );
}
