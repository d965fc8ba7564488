/** The record as a table (RFC 4180): one line for each input, for spreadsheets and statistics. Holds what the record holds. */
import type { AuditReport, InstanceRecord } from './record';

const columns: readonly (readonly [string, (i: InstanceRecord) => string | number])[] = [
  ['index', (i) => i.index],
  ['status', (i) => i.status],
  ['code', (i) => i.code ?? ''],
  ['kind', (i) => i.kind ?? ''],
  ['output', (i) => i.output ?? ''],
  ['bytes_in', (i) => i.bytesIn],
  ['bytes_out', (i) => i.bytesOut],
  ['sha256_in', (i) => i.sha256In ?? ''],
  ['sha256_out', (i) => i.sha256Out ?? ''],
  ['pixels', (i) => i.pixels?.check ?? ''],
  ['pixel_risk', (i) => i.pixels?.risk ?? ''],
  ['regions_redacted', (i) => i.regions.filter((r) => r.action === 'redact').length],
  ['regions_kept', (i) => i.regions.filter((r) => r.action === 'keep').length],
  [
    'elements',
    (i) =>
      Object.entries(i.rules)
        .map(([rule, n]) => `${rule}=${n}`)
        .join(' '),
  ],
  ['findings', (i) => i.findings.map((f) => `${f.check}/${f.severity}`).join(' ')],
  ['accepted', (i) => (i.accepted ?? []).map((a) => `${a.check}: ${a.reason}`).join('; ')],
  ['chain', (i) => i.chain],
];

export function formatCsv(report: AuditReport): string {
  const signedBy = ({ kind, output }: InstanceRecord): string =>
    (kind === 'dicom' && output !== null && report.imagesSignedBy) || '';
  const lines = [
    [...columns.map(([name]) => name), 'signed_by'],
    ...report.instances.map((i) => [...columns.map(([, of]) => String(of(i))), signedBy(i)]),
  ];
  return lines.map((cells) => `${cells.map(cell).join(',')}\r\n`).join('');
}

/** A spreadsheet must not take a reason that a person typed for a formula. */
function cell(value: string): string {
  const plain = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(plain) ? `"${plain.replaceAll('"', '""')}"` : plain;
}
