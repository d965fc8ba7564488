/**
 * The plan laid beside the output: which output element is which input element, which was added by the plan, and which
 * should not be there. Used to check the plan and to judge a found value by where it stands.
 */
import type { DicomElement, DicomItem, ElementPath } from '../dicom/data-set';
import type { DataSetEdits, Edit, NewElement } from '../deid/plan';

/** One element of the output with its origin. */
export type Pair =
  | { readonly kind: 'stays'; readonly input: DicomElement; readonly edit: Edit; readonly output: DicomElement }
  | { readonly kind: 'added'; readonly added: NewElement; readonly output: DicomElement }
  | { readonly kind: 'unexpected'; readonly output: DicomElement };

/** What the output lacks although the plan has it. */
export interface Missing {
  readonly kind: 'missing';
  readonly tag: number;
}

const keep: Edit = { kind: 'keep' };
const noneAdded = new Map<number, NewElement>();

/** Pairs the elements of one data set or item, in the order of the output; then what is missing. */
export function pairElements(
  input: readonly DicomElement[],
  edits: DataSetEdits,
  output: readonly DicomElement[],
  visit: (pair: Pair | Missing) => void,
): void {
  // Most items get nothing added: no map for those.
  const added = edits.insert.length === 0 ? noneAdded : new Map(edits.insert.map((e) => [e.tag, e]));
  let i = nextStaying(edits, input, 0);
  for (const element of output) {
    const candidate = input[i];
    if (candidate !== undefined && candidate.tag === element.tag) {
      visit({ kind: 'stays', input: candidate, edit: edits.edits[i] ?? keep, output: element });
      i = nextStaying(edits, input, i + 1);
      continue;
    }
    const made = added.get(element.tag);
    if (made !== undefined) {
      added.delete(element.tag);
      visit({ kind: 'added', added: made, output: element });
    } else visit({ kind: 'unexpected', output: element });
  }
  for (; i < input.length; i = nextStaying(edits, input, i + 1)) {
    visit({ kind: 'missing', tag: (input[i] as DicomElement).tag });
  }
  for (const tag of added.keys()) visit({ kind: 'missing', tag });
}

function nextStaying(edits: DataSetEdits, input: readonly DicomElement[], from: number): number {
  let i = from;
  while (i < input.length && edits.edits[i]?.kind === 'remove') i++;
  return i;
}

/** An item of the input that the plan leaves in its sequence, with its edits (null: the plan has none for it). */
export interface StayingItem {
  readonly item: DicomItem;
  readonly edits: DataSetEdits | null;
}

/** The items that a 'descend' leaves, in order: those of the output, one by one. */
export function stayingItems(input: DicomElement, edits: readonly DataSetEdits[]): readonly StayingItem[] {
  return (input.items ?? [])
    .map((item, i) => ({ item, edits: edits[i] ?? null }))
    .filter((staying) => staying.edits?.drop !== true);
}

/** An output element found by offset, with its origin. */
export interface Located {
  readonly path: ElementPath;
  readonly element: DicomElement;
  /** The innermost pair on the way to it: for an element inside a sequence kept as a whole, that sequence's. */
  readonly pair: Pair | null;
}

/** The innermost element of the data set whose bytes hold the offset; null between elements. */
export function locate(
  offset: number,
  input: readonly DicomElement[] | null,
  edits: DataSetEdits | null,
  output: readonly DicomElement[],
  path: ElementPath = [],
  outer: Pair | null = null,
): Located | null {
  const element = output.find((e) => offset >= e.start && offset < e.end);
  if (element === undefined) return null;
  let pair: Pair | null = outer;
  if (input !== null && edits !== null) {
    pairElements(input, edits, output, (p) => {
      if (p.kind !== 'missing' && p.output === element) pair = p;
    });
  }
  const found: Pair | null = pair;
  const index = element.items?.findIndex((item) => offset >= item.start && offset < item.end) ?? -1;
  const item = index < 0 ? undefined : element.items?.[index];
  if (item === undefined) return { path: [...path, { tag: element.tag }], element, pair: found };
  const [innerInput, innerEdits] = inside(found, index);
  const step = [...path, { tag: element.tag, item: index }];
  return (
    locate(offset, innerInput, innerEdits, item.elements, step, found) ?? {
      path: step,
      element,
      pair: found,
    }
  );
}

function inside(pair: Pair | null, index: number): [readonly DicomElement[] | null, DataSetEdits | null] {
  if (pair?.kind !== 'stays' || pair.edit.kind !== 'descend') return [null, null];
  const staying = stayingItems(pair.input, pair.edit.items)[index];
  return staying?.edits ? [staying.item.elements, staying.edits] : [null, null];
}
