/** CSV as it is found (RFC 4180 and its cousins), with the place of every cell, so that a file can be changed cell by cell. */

export interface CsvCell {
  /** Without its quotes. */
  readonly value: string;
  /** Place in the text, quotes included. */
  readonly start: number;
  readonly end: number;
}

export interface CsvRow {
  /** Of its first character, from 1. */
  readonly line: number;
  readonly cells: readonly CsvCell[];
}

export interface Csv {
  readonly separator: string;
  /** Rows in which something stands. */
  readonly rows: readonly CsvRow[];
}

/**
 * Quotes, doubled quotes, line breaks within quotes; comma, semicolon or tab, whichever the first line has most of. Undefined when
 * a quote is never closed.
 */
export function scanCsv(text: string): Csv | undefined {
  const head = text.slice(0, /\r|\n|$/.exec(text)?.index ?? text.length);
  const count = (c: string): number => head.split(c).length;
  const separator = [',', ';', '\t'].reduce((best, c) => (count(c) > count(best) ? c : best), ',');
  const rows: CsvRow[] = [];
  let cells: CsvCell[] = [];
  let cell = '';
  let from = 0;
  let quoted = false;
  let line = 1;
  let start = 1;
  const endCell = (end: number): void => {
    cells.push({ value: cell, start: from, end });
    cell = '';
    from = end + 1;
  };
  const endRow = (): void => {
    if (cells.some((c) => c.value.trim() !== '')) rows.push({ line: start, cells });
    cells = [];
    start = line;
  };
  for (let i = 0; i < text.length; i++) {
    const c = text.charAt(i);
    if (c === '\n') line++;
    if (quoted) {
      if (c !== '"') cell += c;
      else if (text.charAt(i + 1) === '"') {
        cell += '"';
        i++;
      } else quoted = false;
    } else if (c === '"' && cell.trim() === '') {
      quoted = true;
      cell = '';
    } else if (c === separator) endCell(i);
    else if (c === '\n') {
      endCell(text.charAt(i - 1) === '\r' && i - 1 >= from ? i - 1 : i);
      from = i + 1;
      endRow();
    } else if (c !== '\r') cell += c;
  }
  if (quoted) return undefined;
  endCell(text.length);
  endRow();
  return { separator, rows };
}

/** A cell as it is written: in quotes where it has to be. */
export function csvCell(value: string, separator: string): string {
  return value.includes(separator) || /["\r\n]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value;
}
