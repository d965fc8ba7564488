/** Files that stay behind or wait, gathered by what happened: the sentence once, below it the files that it is about. */
import { RunLayout } from '../../components/run-layout';
import { stateOf, type InstanceEntry } from '../../store';

export type MessageRow =
  | { readonly kind: 'cause'; readonly code: string; readonly count: number }
  | { readonly kind: 'file'; readonly entry: InstanceEntry };

const heights = { cause: 64, file: 28 } as const;

/** What a person must act on comes first, then what can't be helped, then what is only told. */
const urgency = { review: 0, refused: 1, working: 2, ready: 2, skipped: 3 } as const;

export class MessageRows extends RunLayout {
  readonly #runs: readonly (MessageRow | readonly InstanceEntry[])[];

  constructor(entries: Iterable<InstanceEntry>) {
    super();
    const causes = new Map<string, InstanceEntry[]>();
    for (const entry of entries) {
      if (entry.problem === null) continue;
      const list = causes.get(entry.problem.code);
      if (list) list.push(entry);
      else causes.set(entry.problem.code, [entry]);
    }
    const rank = (list: readonly InstanceEntry[]) => (list[0] ? urgency[stateOf(list[0])] : 9);
    const sorted = [...causes].sort(([, a], [, b]) => rank(a) - rank(b) || b.length - a.length);
    this.#runs = sorted.flatMap(([code, list]) => [{ kind: 'cause' as const, code, count: list.length }, list]);
    for (const run of this.#runs) {
      if ('kind' in run) this.push(1, heights.cause);
      else this.push(run.length, heights.file);
    }
  }

  at(index: number): MessageRow | undefined {
    const place = this.place(index);
    const run = place && this.#runs[place.run];
    if (!place || !run) return undefined;
    if ('kind' in run) return run;
    const entry = run[place.offset];
    return entry && { kind: 'file', entry };
  }
}
