/** Where things stand in a JSON text: for messages that point at the line. */

export interface JsonLines {
  /** Offset of each value by its path ('dates.shiftDays.min', 'overrides.0.tag'; '' is the whole). */
  readonly offsets: ReadonlyMap<string, number>;
  /** Offset where the text stops being JSON; undefined when it is. */
  readonly error: number | undefined;
  /** Offset of a key that an object has twice: which of its values counts is anyone's guess. */
  readonly duplicate: number | undefined;
}

/** Line and column of an offset, both from 1. */
export function lineOf(text: string, offset: number): { readonly line: number; readonly column: number } {
  const before = text.slice(0, offset);
  const line = before.split('\n').length;
  return { line, column: offset - before.lastIndexOf('\n') };
}

class Stop extends Error {}

/** Walks a JSON text (RFC 8259) without making values. Nesting deeper than 100 counts as an error. */
export function jsonLines(text: string): JsonLines {
  const offsets = new Map<string, number>();
  let at = 0;
  let duplicate: number | undefined;
  const space = (): void => {
    while (at < text.length && /[ \t\r\n]/.test(text.charAt(at))) at++;
  };
  const need = (character: string): void => {
    if (text.charAt(at) !== character) throw new Stop();
    at++;
  };
  const scalar =
    /(?:"(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null)/y;
  const take = (): string => {
    scalar.lastIndex = at;
    const match = scalar.exec(text);
    if (match === null) throw new Stop();
    at = scalar.lastIndex;
    return match[0];
  };
  const list = (close: string, entry: (index: number) => void): void => {
    at++;
    space();
    for (let index = 0; text.charAt(at) !== close; index++) {
      if (index > 0) need(',');
      space();
      entry(index);
      space();
    }
    at++;
  };
  const value = (path: string, depth: number): void => {
    space();
    if (depth > 100) throw new Stop();
    offsets.set(path, at);
    const inner = (key: string | number): string => (path === '' ? String(key) : `${path}.${key}`);
    if (text.charAt(at) === '{') {
      const keys = new Set<string>();
      list('}', () => {
        const keyAt = at;
        const raw = take();
        if (!raw.startsWith('"')) {
          at = keyAt;
          throw new Stop();
        }
        const key = JSON.parse(raw) as string;
        if (keys.has(key)) duplicate ??= keyAt;
        keys.add(key);
        space();
        need(':');
        value(inner(key), depth + 1);
      });
    } else if (text.charAt(at) === '[') list(']', (index) => value(inner(index), depth + 1));
    else take();
  };
  try {
    value('', 0);
    space();
    if (at < text.length) throw new Stop();
    return { offsets, error: undefined, duplicate };
  } catch (error) {
    if (!(error instanceof Stop)) throw error;
    return { offsets, error: at, duplicate };
  }
}
