/** The record as files: JSON (which can be checked), a table, a page to print. */
import { formatCsv } from '../../core/audit/csv';
import { formatHtml } from '../../core/audit/html';
import { formatReport, type AuditReport } from '../../core/audit/record';
import { reportWordsEn } from '../../core/audit/report-words';
import { explain } from '../../locales/explain';
import type { Locale } from '../../locales/locale';
import { reportWordsZh } from '../../locales/report-words.zh-CN';
import { useApp } from '../../store';
import { permitted } from '../../store/kiosk';
import { saveBlob } from '../session';

export type RecordFormat = 'json' | 'csv' | 'html';

const words = { en: reportWordsEn, 'zh-CN': reportWordsZh } as const satisfies Record<Locale, unknown>;

export function saveRecord(report: AuditReport, format: RecordFormat, locale: Locale): void {
  if (!permitted(useApp.getState(), 'see-record')) return;
  const [text, type] = {
    json: () => [formatReport(report), 'application/json'] as const,
    // Spreadsheets take a table for UTF-8 only with this mark.
    csv: () => [`\ufeff${formatCsv(report)}`, 'text/csv'] as const,
    html: () => [formatHtml(report, words[locale], (code) => explain(code).message), 'text/html'] as const,
  }[format]();
  saveBlob(new Blob([text], { type }), `lethe-report.${format}`);
}
