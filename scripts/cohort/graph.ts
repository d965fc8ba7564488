import type { Sample } from './run';

const width = 720;
const height = 300;
const box = { left: 56, right: 16, top: 28, bottom: 40 };

/** Memory over time, as SVG. */
export function memoryGraph(samples: readonly Sample[], title: string): string {
  const seconds = Math.max(1, samples.at(-1)?.at ?? 1);
  const most = Math.ceil(Math.max(100, ...samples.map((s) => s.resident)) / 100) * 100;
  const x = (at: number): number => box.left + (at / seconds) * (width - box.left - box.right);
  const y = (mib: number): number => height - box.bottom - (mib / most) * (height - box.top - box.bottom);
  const line = (of: (s: Sample) => number, colour: string): string =>
    `<polyline fill="none" stroke="${colour}" stroke-width="1.5" points="${samples.map((s) => `${x(s.at).toFixed(1)},${y(of(s)).toFixed(1)}`).join(' ')}"/>`;
  const ticks = Array.from({ length: 6 }, (_, i) => (most / 5) * i);
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" font-family="system-ui, sans-serif" font-size="11" fill="#555">
<rect width="${width}" height="${height}" fill="#fff"/>
<text x="${box.left}" y="16" font-size="12" fill="#222">${title}</text>
${ticks.map((t) => `<line x1="${box.left}" x2="${width - box.right}" y1="${y(t)}" y2="${y(t)}" stroke="#e3e7e9"/><text x="${box.left - 6}" y="${y(t) + 4}" text-anchor="end">${Math.round(t)}</text>`).join('\n')}
<text x="${box.left - 6}" y="16" text-anchor="end">MiB</text>
${Array.from({ length: 6 }, (_, i) => `<text x="${x((seconds / 5) * i)}" y="${height - box.bottom + 16}" text-anchor="middle">${Math.round((seconds / 5) * i)} s</text>`).join('\n')}
${line((s) => s.resident, '#b0541f')}
${line((s) => s.heap, '#14708a')}
<text x="${box.left}" y="${height - 8}" fill="#b0541f">resident memory of the page's process, its workers included</text>
<text x="${width / 2 + 90}" y="${height - 8}" fill="#14708a">JavaScript heap of the page</text>
</svg>
`;
}
