/** Where the words of a region go, so that they cover neither another region nor each other. */
export interface Box {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

export interface LabelPlace {
  readonly x: number;
  /** Baseline. */
  readonly y: number;
}

const height = 14;
/** A guess is enough: letters of the label font are about this wide. */
const widthOf = (text: string): number =>
  Array.from(text).reduce((sum, c) => sum + (c.charCodeAt(0) > 0x2e80 ? 11.5 : 6.2), 0);

const overlaps = (a: Box, b: Box): boolean =>
  a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;

/**
 * Places labels in the order given (the selected one first): above, below, to the right or to the left of their box, wherever
 * there is room on the stage; null when there is none.
 */
export function placeLabels(
  items: readonly { readonly id: string; readonly text: string; readonly box: Box }[],
  stage: { readonly width: number; readonly height: number },
): ReadonlyMap<string, LabelPlace> {
  const places = new Map<string, LabelPlace>();
  const taken: Box[] = [];
  for (const { id, text, box } of items) {
    const width = widthOf(text);
    const middle = (box.top + box.bottom) / 2;
    const tries: readonly (readonly [x: number, top: number])[] = [
      [box.left, box.top - height - 2],
      [box.left, box.bottom + 2],
      [box.right + 5, middle - height / 2],
      [box.left - width - 5, middle - height / 2],
    ];
    for (const [x, top] of tries) {
      const label: Box = { left: x, top, right: x + width, bottom: top + height };
      const inside = label.left >= 0 && label.top >= 0 && label.right <= stage.width && label.bottom <= stage.height;
      if (!inside || taken.some((t) => overlaps(t, label))) continue;
      if (items.some((other) => other.id !== id && overlaps(other.box, label))) continue;
      taken.push(label);
      places.set(id, { x, y: top + height - 3 });
      break;
    }
  }
  return places;
}
