import { describe, expect, it } from 'vitest';
import { basicProfile } from '../deid/profile';
import { checkFiles, readReport } from './check';
import { isCopyOf, spreadsheetMark } from './copies';
import { formatCsv } from './csv';
import { formatHtml } from './html';
import type { ItemOutcome } from './outcome';
import { formatReport, makeReport } from './record';
import { reportWordsEn } from './report-words';

const outcome = (index: number, more: Partial<ItemOutcome>): ItemOutcome => ({
  index,
  kind: 'dicom',
  status: 'exported',
  outputPath: `ANON/${index}.dcm`,
  findings: [],
  regions: [],
  counts: { 'table:X': 3 },
  sizeIn: 10,
  sizeOut: 9,
  sha256In: 'a'.repeat(64),
  sha256Out: 'b'.repeat(64),
  ...more,
});

const report = makeReport({
  outcomes: [
    outcome(0, {
      regions: [
        { id: 'r', origin: 'found', frame: 0, action: 'redact', x: 1, y: 2, width: 3, height: 4, text: 'DOE JOHN' },
      ],
      accepted: [{ check: 'no-identity', reason: '=cmd(), "quoted"\nand <b>more</b>' }],
    }),
    outcome(1, { status: 'refused', code: 'malformed', outputPath: null }),
  ],
  profile: basicProfile,
  key: new Uint8Array(32),
  created: new Date('2026-01-02T03:04:05Z'),
  index: { output: 'DICOMDIR', sha256Out: 'c'.repeat(64), bytesOut: 5 },
});

/** RFC 4180, read by a reader of its own. */
function cellsOf(csv: string): string[][] {
  const rows: string[][] = [];
  let row: string[] = [];
  for (const [, quoted, plain = '', end = ''] of csv.matchAll(/(?:"((?:[^"]|"")*)"|([^,\r\n]*))(,|\r\n)/g)) {
    row.push(quoted === undefined ? plain : quoted.replaceAll('""', '"'));
    if (end === ',') continue;
    rows.push(row);
    row = [];
  }
  return rows;
}

describe('the record in other forms', () => {
  it('is a table of one line for each input, in which no cell is a formula', () => {
    const rows = cellsOf(formatCsv(report));
    expect(rows).toHaveLength(3);
    expect(new Set(rows.map((r) => r.length)).size).toBe(1);
    const of = (row: number, name: string): string => rows[row]?.[rows[0]?.indexOf(name) ?? -1] ?? '';
    expect([of(1, 'output'), of(1, 'regions_redacted'), of(2, 'code')]).toEqual(['ANON/0.dcm', '1', 'malformed']);
    expect(of(1, 'accepted')).toContain('"quoted"');
    for (const row of rows) for (const cell of row) expect(cell).not.toMatch(/^[=+@]/);
  });

  it('is a page without script or live markup, and neither form has recognised text', () => {
    const html = formatHtml(report, reportWordsEn, (code) => `because of ${code}`);
    expect(html).not.toMatch(/<script|<b>|<img|https?:/);
    expect(html).toContain('because of malformed');
    expect(html).toContain(report.seal);
    expect(html + formatCsv(report)).not.toContain('DOE JOHN');
  });

  it('has the DICOMDIR in it, so that a change of that is found', async () => {
    const read = readReport(formatReport(report));
    if (!read.ok) throw new Error(read.message);
    const hashes: Record<string, string> = { 'ANON/0.dcm': 'b'.repeat(64), DICOMDIR: 'c'.repeat(64) };
    const check = (hash: (path: string) => string) =>
      checkFiles(read.value, Object.keys(hashes), (path) => Promise.resolve(hash(path)));
    expect(await check((path) => hashes[path] ?? '')).toEqual([]);
    expect(await check(() => 'b'.repeat(64))).toEqual([{ kind: 'altered-file', path: 'DICOMDIR' }]);
  });

  it('is known again in each form, to the byte', () => {
    const bytesOf = (text: string) => new TextEncoder().encode(text);
    const form = { words: reportWordsEn, explain: (code: string) => `because of ${code}` };
    const csv = bytesOf(formatCsv(report));
    const html = bytesOf(formatHtml(report, form.words, form.explain));
    for (const copy of [csv, bytesOf(spreadsheetMark + formatCsv(report)), html]) {
      expect(isCopyOf(report, copy, [form])).toBe(true);
      expect(isCopyOf(report, copy.subarray(1), [form])).toBe(false);
      for (let at = 0; at < copy.byteLength; at += 7) {
        const harmed = copy.slice();
        harmed[at] = (harmed[at] ?? 0) ^ 1;
        expect(isCopyOf(report, harmed, [form])).toBe(false);
      }
    }
    expect(isCopyOf(report, html, [])).toBe(false);
  });

  it('tells who signed the images', () => {
    const { instances, seal, ...head } = report;
    const signed = { ...head, imagesSignedBy: 'd'.repeat(64), instances, seal };
    expect(cellsOf(formatCsv(signed)).map((row) => row.at(-1))).toEqual(['signed_by', 'd'.repeat(64), '']);
    expect(formatHtml(signed, reportWordsEn, String)).toContain(
      `Images signed with certificate</dt><dd><code>${'d'.repeat(64)}`,
    );
    expect(formatHtml(report, reportWordsEn, String)).not.toContain('Images signed');
  });
});
