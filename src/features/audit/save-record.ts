/** The record as files: JSON (which can be checked), a table, a page to print. */
import { spreadsheetMark } from '../../core/audit/copies';
import { formatCsv } from '../../core/audit/csv';
import { formatHtml } from '../../core/audit/html';
import { formatReport, type AuditReport } from '../../core/audit/record';
import type { Locale } from '../../locales/locale';
import { recordForms } from '../../locales/record-forms';
import { useApp } from '../../store';
import { permitted } from '../../store/kiosk';
import { saveBlob } from '../session';

export type RecordFormat = 'json' | 'csv' | 'html';

export function saveRecord(report: AuditReport, format: RecordFormat, locale: Locale): void {
  if (!permitted(useApp.getState(), 'see-record')) return;
  const [text, type] = {
    json: () => [formatReport(report), 'application/json'] as const,
    csv: () => [spreadsheetMark + formatCsv(report), 'text/csv'] as const,
    html: () => [formatHtml(report, recordForms[locale].words, recordForms[locale].explain), 'text/html'] as const,
  }[format]();
  saveBlob(new Blob([text], { type }), `lethe-report.${format}`);
}
