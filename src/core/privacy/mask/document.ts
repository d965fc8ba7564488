/** Masks a whole document: plain text as one piece, tables row by row, JSON record by record, each with the patient that it is about. */
import { csvCell, scanCsv } from '../../csv';
import { fail, ok, type Result } from '../../result';
import { Masker, type MaskPerson, type MaskReason, type MaskSettings, type Replacement } from './masker';
import { roleOf, type Role } from './roles';

export type DocumentFormat = 'text' | 'csv' | 'json';

export interface MaskedDocument {
  readonly format: DocumentFormat;
  readonly text: string;
  /** The document in order: `before` only where it was changed. */
  readonly segments: readonly { readonly text: string; readonly before?: string; readonly reason?: MaskReason }[];
  readonly counts: Readonly<Partial<Record<MaskReason, number>>>;
  /** Patients of the session that were recognised. */
  readonly patients: number;
  /** Rows, records or texts of which nobody could say about whom they are: their dates were removed. */
  readonly unclear: number;
}

/** Characters: beyond this a document is a database. */
export const longestDocument = 20_000_000;

/** UTF-8, or UTF-16 with its mark; anything else could hide a name in letters that were read wrongly. */
export function decodeDocument(bytes: Uint8Array): Result<string> {
  const encoding =
    bytes[0] === 0xff && bytes[1] === 0xfe ? 'utf-16le' : bytes[0] === 0xfe && bytes[1] === 0xff ? 'utf-16be' : 'utf-8';
  try {
    const text = new TextDecoder(encoding, { fatal: true }).decode(bytes);
    if (text.includes('\0')) return fail('unsupported-format', 'The file is not text: it holds binary data.');
    return ok(text);
  } catch {
    return fail('unsupported-charset', 'The text is not UTF-8. Save it as UTF-8 first, so that no name is read wrongly.');
  }
} // prettier-ignore

export function formatOf(name: string, text: string): DocumentFormat {
  if (/\.json$/i.test(name)) return 'json';
  if (/\.(?:csv|tsv)$/i.test(name)) return 'csv';
  if (/\.[a-z0-9]{1,5}$/i.test(name)) return 'text';
  // Pasted: known by its look.
  if (/^\s*[[{]/.test(text) && isJson(text)) return 'json';
  const lines = text.split('\n', 4).filter((l) => l.trim() !== '');
  const width = (line: string): number => Math.max(...[',', ';', '\t'].map((c) => line.split(c).length));
  return lines.length > 1 && width(lines[0] ?? '') > 2 && lines.every((l) => width(l) === width(lines[0] ?? '')) ? 'csv' : 'text';
} // prettier-ignore

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

export interface DocumentRequest {
  readonly name: string;
  readonly text: string;
  readonly format?: DocumentFormat;
  /** Patient key that a person chose; absent: whoever the text names. */
  readonly subject?: string;
}

/** Fails for what can't be understood as its format, and where something identifying is left after masking. */
export function maskDocument(request: DocumentRequest, settings: MaskSettings): Result<MaskedDocument> {
  const { text } = request;
  if (text.length > longestDocument) return fail('too-large', 'The text is too long to be masked in one piece.');
  const format = request.format ?? formatOf(request.name, text);
  const work = new Work(text, new Masker(settings), settings.people.find((p) => p.identity.patientKey === request.subject));
  const done = format === 'csv' ? work.csv() : format === 'json' ? work.json() : work.plain();
  if (!done.ok) return done;
  const masked = work.result(format);
  return work.leftIn(masked.text) ? fail('gate-blocked', 'Something identifying is left in the masked text.') : ok(masked);
} // prettier-ignore

class Work {
  readonly #replacements: Replacement[] = [];
  readonly #seen = new Set<string>();
  #unclear = 0;

  constructor(
    private readonly text: string,
    private readonly masker: Masker,
    private readonly chosen: MaskPerson | undefined,
  ) {}

  plain(): Result<null> {
    this.#add(0, this.masker.replacements(this.text, this.#subject(this.text)));
    return ok(null);
  }

  csv(): Result<null> {
    const table = scanCsv(this.text);
    if (table === undefined) return fail('malformed', 'The table has a quote that is never closed.');
    const roles = (table.rows[0]?.cells ?? []).map((cell) => roleOf(cell.value));
    // A first row that names columns; without one all rows are data.
    const headed = roles.some((r) => r !== undefined) && !(table.rows[0]?.cells ?? []).some((c) => /^\s*\d/.test(c.value));
    table.rows.forEach(({ cells }, at) => {
      if (headed && at === 0) {
        for (const cell of cells) this.#value(cell, undefined, null, (v) => csvCell(v, table.separator));
        return;
      }
      const ids = cells.filter((_, i) => headed && isIdRole(table.rows[0]?.cells[i]?.value ?? '', roles[i]));
      const subject = this.#subject(cells.map((c) => c.value).join(' \n '), ids[0]?.value);
      cells.forEach((cell, i) => {
        this.#value(cell, headed ? roles[i] : undefined, subject, (v) => csvCell(v, table.separator));
      });
    });
    return ok(null);
  } // prettier-ignore

  json(): Result<null> {
    if (!isJson(this.text)) return fail('malformed', 'The text is not valid JSON.');
    for (const record of jsonRecords(this.text)) {
      const values = record.filter((t) => !t.isKey);
      const id = values.find((t) => isIdRole(t.key, roleOf(t.key)));
      const subject = this.#subject(values.map((t) => t.value).join(' \n '), id?.value);
      for (const token of record) {
        const role = token.isKey ? undefined : roleOf(token.key);
        this.#value(token, role, token.isKey ? null : subject, (v) => JSON.stringify(v));
      }
    }
    return ok(null);
  }

  /** A cell or a string, replaced as a whole where anything in it is. */
  #value(
    cell: { readonly value: string; readonly start: number; readonly end: number },
    role: Role | undefined,
    subject: MaskPerson | null,
    written: (value: string) => string,
  ): void {
    const { value, start, end } = cell;
    if (value.trim() === '') return;
    if (role !== undefined) {
      const { text, reason } = this.masker.byRole(value, role, subject);
      this.#replacements.push({ start, end, text: written(text), reason });
      return;
    }
    const found = this.masker.replacements(value, subject);
    // Unquoted and unescaped, places in the value are places in the text.
    if (this.text.slice(start, end) === value && found.every((r) => written(r.text) === r.text)) {
      this.#add(start, found);
      return;
    }
    const [first] = found;
    if (first === undefined) return;
    this.#replacements.push({ start, end, text: written(applied(value, found)), reason: first.reason });
  }

  #add(offset: number, found: readonly Replacement[]): void {
    for (const r of found) this.#replacements.push({ ...r, start: r.start + offset, end: r.end + offset });
  }

  /** About whom a piece is: the one chosen, the one whose ID it has, the only one that it names. */
  #subject(text: string, id?: string): MaskPerson | null {
    const named = this.masker.subjectsIn(text);
    for (const person of named) this.#seen.add(person.identity.patientKey);
    if (this.chosen !== undefined) return this.chosen;
    if (id !== undefined && id.trim() !== '') return this.masker.ofId(id);
    const [only, second] = named;
    if (only !== undefined && second === undefined) return only;
    this.#unclear++;
    return null;
  }

  result(format: DocumentFormat): MaskedDocument {
    const segments: { text: string; before?: string; reason?: MaskReason }[] = [];
    const counts: Partial<Record<MaskReason, number>> = {};
    let at = 0;
    for (const r of this.#replacements.sort((a, b) => a.start - b.start)) {
      if (r.start > at) segments.push({ text: this.text.slice(at, r.start) });
      segments.push({ text: r.text, before: this.text.slice(r.start, r.end), reason: r.reason });
      counts[r.reason] = (counts[r.reason] ?? 0) + 1;
      at = r.end;
    }
    if (at < this.text.length) segments.push({ text: this.text.slice(at) });
    return {
      format,
      text: segments.map((s) => s.text).join(''),
      segments,
      counts,
      patients: this.#seen.size,
      unclear: this.#unclear,
    };
  }

  /** The gate of a document: no patient of the session is named or numbered in what leaves. */
  leftIn(masked: string): boolean {
    return this.masker.subjectsIn(masked).length > 0;
  }
}

const isIdRole = (name: string, role: Role | undefined): boolean =>
  role === 'patient' && !/name|姓|名|nom|^patient$/i.test(name);

function applied(text: string, found: readonly Replacement[]): string {
  let out = '';
  let at = 0;
  for (const r of found) {
    out += text.slice(at, r.start) + r.text;
    at = r.end;
  }
  return out + text.slice(at);
}

interface JsonToken {
  readonly value: string;
  readonly start: number;
  readonly end: number;
  /** The key that the value stands under; of a key, itself. */
  readonly key: string;
  readonly isKey: boolean;
}

/** Strings and numbers of valid JSON by record: each outermost object in an array is one, and everything else together is another. */
function jsonRecords(text: string): readonly (readonly JsonToken[])[] {
  const records: JsonToken[][] = [];
  const rest: JsonToken[] = [];
  const open: { kind: '{' | '['; key: string; record: JsonToken[] | undefined }[] = [];
  let key = '';
  let expectsKey = false;
  for (const match of text.matchAll(/"(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?|[{}[\],:]/gs)) {
    const [token] = match;
    const top = open.at(-1);
    if (token === '{' || token === '[') {
      let record = top?.record;
      if (token === '{' && record === undefined && top?.kind === '[') records.push((record = []));
      open.push({ kind: token, key, record });
      expectsKey = token === '{';
    } else if (token === '}' || token === ']') {
      key = open.pop()?.key ?? '';
      expectsKey = false;
    } else if (token === ',') {
      expectsKey = top?.kind === '{';
      if (top?.kind === '[') key = top.key;
    } else if (token === ':') expectsKey = false;
    else {
      const value = token.startsWith('"') ? (JSON.parse(token) as string) : token;
      if (expectsKey) key = value;
      const list = top?.record ?? rest;
      list.push({ value, start: match.index, end: match.index + token.length, key, isKey: expectsKey });
    }
  }
  return [...records, rest].filter((r) => r.length > 0).sort((a, b) => (a[0]?.start ?? 0) - (b[0]?.start ?? 0));
}
