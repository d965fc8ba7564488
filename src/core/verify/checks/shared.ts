import { latin1Text } from '../../dicom/ascii';
import type { DicomElement, Tag } from '../../dicom/data-set';

/** (7FE0,0008), (7FE0,0009), (7FE0,0010) of the data set itself; those in items (icons) are ordinary elements. */
export function isSampleData(element: DicomElement, depth: number): boolean {
  const { tag } = element;
  return depth === 0 && (tag === 0x7fe00010 || tag === 0x7fe00008 || tag === 0x7fe00009);
}

export function equalBytes(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false;
  // The same memory: a piece of the input that was passed on.
  if (a.buffer === b.buffer && a.byteOffset === b.byteOffset) return true;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}

/** Text of a value as ASCII, padding off: for UIDs, codes and numbers, never for people's text. */
export function asciiValue(bytes: Uint8Array): string {
  let end = bytes.length;
  while (end > 0 && (bytes[end - 1] === 0 || bytes[end - 1] === 0x20)) end--;
  return latin1Text(bytes, 0, end);
}

/** Visits every element at every depth with its depth. */
export function eachElement(
  elements: readonly DicomElement[],
  visit: (element: DicomElement, depth: number, parents: readonly Tag[]) => void,
  depth = 0,
  parents: readonly Tag[] = [],
): void {
  for (const element of elements) {
    visit(element, depth, parents);
    if (element.items === undefined) continue;
    const inner = [...parents, element.tag];
    for (const item of element.items) eachElement(item.elements, visit, depth + 1, inner);
  }
}
