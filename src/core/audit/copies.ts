/** The record's other forms, a table and a page to print: whether such a file says what the record says, to the byte. */
import { formatCsv } from './csv';
import { formatHtml } from './html';
import type { AuditReport } from './record';
import type { ReportWords } from './report-words';

/** Names of copies that may lie beside what the record is about, without being listed. */
export const copyNames: readonly string[] = ['lethe-report.csv', 'lethe-report.html'];

/** What the printable form is made with, in one language. */
export interface RecordForm {
  readonly words: ReportWords;
  /** The sentence of a code. */
  readonly explain: (code: string) => string;
}

/** Spreadsheets take a table for UTF-8 only with this mark. */
export const spreadsheetMark = '\ufeff';

/**
 * Whether a file is the record in another form, in any of the languages of `forms`. A record of another version of Lethe may have
 * been written out otherwise there, and is then not the same.
 */
export function isCopyOf(report: AuditReport, bytes: Uint8Array, forms: readonly RecordForm[]): boolean {
  const csv = formatCsv(report);
  const texts = [csv, spreadsheetMark + csv, ...forms.map(({ words, explain }) => formatHtml(report, words, explain))];
  return texts.some((text) => isText(bytes, text));
}

function isText(bytes: Uint8Array, text: string): boolean {
  const wanted = new TextEncoder().encode(text);
  return wanted.byteLength === bytes.byteLength && wanted.every((byte, i) => byte === bytes[i]);
}
