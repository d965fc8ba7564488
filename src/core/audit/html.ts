/** The record as one printable page: no script, nothing fetched, readable for ever. Holds what the record holds. */
import type { AuditReport } from './record';
import type { ReportWords } from './report-words';

const style = `
@page { size: A4; margin: 16mm; }
body { font: 13px/1.5 system-ui, sans-serif; color: #14181a; max-width: 900px; margin: 24px auto; padding: 0 16px; }
h1 { font-size: 22px; margin: 0 0 4px; } h2 { font-size: 15px; margin: 24px 0 8px; break-after: avoid; }
table { border-collapse: collapse; width: 100%; } th, td { text-align: left; padding: 3px 8px 3px 0; vertical-align: top; }
thead { display: table-header-group; } thead th, tr + tr td { border-top: 1px solid #d5dbde; } tr { break-inside: avoid; }
td.n, th.n { text-align: right; font-variant-numeric: tabular-nums; } code { font: 11px/1.4 ui-monospace, monospace; overflow-wrap: anywhere; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: 2px 16px; margin: 0; } dt { color: #5a666d; } dd { margin: 0; }`;

/**
 * @param words in the reader's language
 * @param explain the sentence of a code
 */
export function formatHtml(report: AuditReport, words: ReportWords, explain: (code: string) => string): string {
  const { totals, profile } = report;
  const number = (n: number): string => n.toLocaleString(words.language);
  const facts = (rows: readonly (readonly [string, string])[]): string =>
    `<dl>${rows.map(([name, value]) => `<dt>${escape(name)}</dt><dd>${value}</dd>`).join('')}</dl>`;
  const counts = (names: Readonly<Record<string, number>>, label: (name: string) => string): string =>
    `<table>${Object.entries(names)
      .map(([name, n]) => `<tr><td>${escape(label(name))}</td><td class="n">${number(n)}</td></tr>`)
      .join('')}</table>`;
  const section = (title: string, content: string): string => `<h2>${escape(title)}</h2>${content}`;
  const accepted = report.instances.flatMap((i) =>
    (i.accepted ?? []).map(
      (a) => `<tr><td class="n">${i.index + 1}</td><td>${escape(a.check)}</td><td>${escape(a.reason)}</td></tr>`,
    ),
  );
  const body = [
    `<h1>${escape(words.title)}</h1>`,
    facts([
      [words.created, escape(report.created)],
      [words.program, escape(`${report.program.name} ${report.program.version}`)],
      [words.profile, escape(profile.name)],
      [words.options, escape(profile.options.join(', ') || '–')],
      [words.pixels, escape(`${profile.pixels.policy}, ${profile.pixels.text}, ${profile.pixels.style}`)],
      [words.key, `<code>${escape(report.keyFingerprint)}</code>`],
      ...(report.imagesSignedBy === undefined
        ? []
        : [[words.signed, `<code>${escape(report.imagesSignedBy)}</code>`] as const]),
      [words.seal, `<code>${escape(report.seal)}</code>`],
    ]),
    section(
      words.counts,
      facts([
        [words.inputs, number(totals.inputs)],
        [words.exported, number(totals.statuses.exported)],
        [words.review, number(totals.statuses['needs-review'])],
        [words.refused, number(totals.statuses.refused)],
        [words.skipped, number(totals.statuses.skipped)],
        [words.redacted, number(totals.regionsRedacted)],
        [words.kept, number(totals.regionsKept)],
        [words.bytes, `${number(totals.bytesIn)} → ${number(totals.bytesOut)}`],
      ]),
    ),
    Object.keys(totals.codes).length > 0 ? section(words.reasons, counts(totals.codes, explain)) : '',
    Object.keys(totals.rules).length > 0
      ? section(
          words.rules,
          counts(totals.rules, (rule) => rule),
        )
      : '',
    accepted.length > 0 ? section(words.accepted, `<table>${accepted.join('')}</table>`) : '',
    section(words.files, files(report, words)),
    `<p>${escape(words.proof)}</p>`,
  ];
  return `<!doctype html>
<html lang="${words.language}"><head><meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'"><title>${escape(words.title)}</title><style>${style}</style></head>
<body>
${body.filter((part) => part !== '').join('\n')}
</body></html>
`;
}

function files(report: AuditReport, words: ReportWords): string {
  const rows = report.instances.map(
    ({ index, status, code, output, sha256Out }) =>
      `<tr><td class="n">${index + 1}</td><td>${escape(words.status[status])}</td><td><code>${escape(output ?? code ?? '')}</code></td><td><code>${escape(sha256Out ?? '')}</code></td></tr>`,
  );
  const head = `<thead><tr><th class="n">#</th><th>${escape(words.state)}</th><th>${escape(words.output)}</th><th>SHA-256</th></tr></thead>`;
  return `<table>${head}<tbody>${rows.join('\n')}</tbody></table>`;
}

function escape(text: string): string {
  return text.replace(/[&<>"']/g, (c) => `&#${c.charCodeAt(0)};`);
}
