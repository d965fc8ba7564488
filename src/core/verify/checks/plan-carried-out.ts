import { type DicomElement, type ElementPath, formatPath } from '../../dicom/data-set';
import type { DataSetEdits, NewElement } from '../../deid/plan';
import { pairElements, stayingItems } from '../pairs';
import type { FindingMessage } from '../messages';
import type { Finding } from '../types';
import { equalBytes, isSampleData } from './shared';
import type { Check, CheckContext } from './types';

/** Findings of one kind stop here: one is enough to block, a few show where to look. */
const most = 20;

/**
 * The output, parsed anew, has exactly the elements that the plan leaves or makes, in that order, with exactly those
 * bytes. This is the proof against everything a writer can do wrong: gaps, duplicates, nesting, wrong lengths.
 */
export const planCarriedOut: Check = {
  name: 'plan-carried-out',
  proves: 'Plan and output agree element by element, at every depth.',
  run: (context) => {
    const findings: Finding[] = [];
    const { input, file } = context;
    compare(context, input.file.elements, input.plan.dataSet, file.elements, [], findings);
    compareMeta(context, findings);
    return findings;
  },
};

function report(findings: Finding[], path: ElementPath, message: FindingMessage): void {
  if (findings.length >= most) return;
  findings.push({ check: 'plan-carried-out', severity: 'block', message, where: formatPath(path) });
}

function compare(
  context: CheckContext,
  input: readonly DicomElement[],
  edits: DataSetEdits,
  output: readonly DicomElement[],
  path: ElementPath,
  findings: Finding[],
): void {
  if (edits.edits.length !== input.length) {
    report(findings, path, 'The plan does not decide about every element here.');
    return;
  }
  pairElements(input, edits, output, (pair) => {
    if (pair.kind === 'missing') {
      report(findings, [...path, { tag: pair.tag }], 'An element that the plan keeps or adds is not in the output.');
      return;
    }
    // Made on a finding only: most files have thousands of elements and no finding.
    const here = (): ElementPath => [...path, { tag: pair.output.tag }];
    if (pair.kind === 'unexpected') {
      report(findings, here(), 'The output holds an element that the plan does not.');
    } else if (pair.kind === 'added') {
      compareAdded(context, pair.added, pair.output, here(), findings);
    } else if (isSampleData(pair.output, path.length)) {
      // Its bytes are the pixel checks' subject.
      if (pair.edit.kind !== 'keep' && pair.edit.kind !== 'replace') {
        report(findings, here(), 'The plan treats pixel data as a sequence.');
      }
    } else if (pair.edit.kind === 'keep') {
      if (!sameElement(context, pair.input, pair.output)) {
        report(findings, here(), 'An element that should stay as it was has changed.');
      }
    } else if (pair.edit.kind === 'replace') {
      const value = context.file.bytes(pair.output.valueStart, pair.output.valueEnd);
      if (!equalBytes(value, pair.edit.value)) report(findings, here(), 'An element does not hold its planned value.');
    } else if (pair.edit.kind === 'descend') {
      const items = pair.output.items ?? [];
      const before = stayingItems(pair.input, pair.edit.items);
      if (items.length !== before.length || pair.edit.items.length !== (pair.input.items ?? []).length) {
        report(findings, here(), 'A sequence has not as many items as planned.');
        return;
      }
      for (const [index, item] of items.entries()) {
        const was = before[index];
        if (!was?.edits) continue;
        const step: ElementPath = [...path, { tag: pair.output.tag, item: index }];
        compare(context, was.item.elements, was.edits, item.elements, step, findings);
      }
    }
  });
}

/** Same header and value; after a change of encoding same value alone. */
function sameElement(context: CheckContext, input: DicomElement, output: DicomElement): boolean {
  const before = context.input.file;
  const after = context.file;
  if (equalBytes(before.bytes(input.start, input.end), after.bytes(output.start, output.end))) return true;
  if (input.items !== undefined || output.items !== undefined) return sameItems(context, input, output);
  // The header may be written anew: another encoding, or a VR that was none.
  const { encoding } = before;
  const recoded =
    encoding.explicit !== after.encoding.explicit || encoding.littleEndian !== after.encoding.littleEndian;
  if (!recoded && input.vr !== output.vr) return false;
  return equalBytes(before.bytes(input.valueStart, input.valueEnd), after.bytes(output.valueStart, output.valueEnd));
}

function sameItems(context: CheckContext, input: DicomElement, output: DicomElement): boolean {
  const a = input.items ?? [];
  const b = output.items ?? [];
  if (a.length !== b.length) return false;
  return a.every((item, i) => {
    const other = b[i];
    if (other === undefined || other.elements.length !== item.elements.length) return false;
    return item.elements.every((element, k) => {
      const match = other.elements[k];
      return match !== undefined && match.tag === element.tag && sameElement(context, element, match);
    });
  });
}

function compareAdded(
  context: CheckContext,
  added: NewElement,
  output: DicomElement,
  path: ElementPath,
  findings: Finding[],
): void {
  if (added.items !== undefined) {
    const items = output.items ?? [];
    if (items.length !== added.items.length) report(findings, path, 'An added sequence has not the planned items.');
    for (const [index, elements] of added.items.entries()) {
      const written = items[index]?.elements ?? [];
      const step: ElementPath = [...path.slice(0, -1), { tag: output.tag, item: index }];
      if (written.length !== elements.length) report(findings, step, 'An added item has not the planned elements.');
      for (const element of elements) {
        const match = written.find((w) => w.tag === element.tag);
        const inner: ElementPath = [...step, { tag: element.tag }];
        if (match === undefined) report(findings, inner, 'An element that the plan adds is not in the output.');
        else compareAdded(context, element, match, inner, findings);
      }
    }
    return;
  }
  // A planned value is in the plan's bytes; the writer may only have padded it.
  const value = context.file.bytes(output.valueStart, output.valueEnd);
  const planned = added.value ?? new Uint8Array(0);
  const same =
    equalBytes(value, planned) ||
    (value.length === planned.length + 1 && equalBytes(value.subarray(0, planned.length), planned));
  if (!same) report(findings, path, 'An added element does not hold its planned value.');
}

/** File meta is as planned, apart from the group length, which the writer counts. */
function compareMeta(context: CheckContext, findings: Finding[]): void {
  const planned = new Map(context.input.plan.meta.map((e) => [e.tag, e]));
  planned.delete(0x00020000);
  for (const element of context.file.meta) {
    if (element.tag === 0x00020000) continue;
    const path: ElementPath = [{ tag: element.tag }];
    const match = planned.get(element.tag);
    planned.delete(element.tag);
    if (match === undefined)
      report(findings, path, 'The file meta information holds an element that the plan does not.');
    else compareAdded(context, match, element, path, findings);
  }
  for (const tag of planned.keys()) report(findings, [{ tag }], 'The file meta information lacks a planned element.');
}
