/** Consoles' own text among names and dates: what must survive "identifying and unknown", and what must not. */
import type { TextEngine } from '../../src/core/detect';
import { drawInk, fontNames, paint } from './drawn-text';
import type { FailureSheet } from './failure-sheet';
import { maskOf, percent } from './measures';
import { background, random } from './synthetic';

const measurements =
  'Depth 14 cm|MI 1.2  TIS 0.4|120 kV 250 mA|W 400 L 40|Gain 62%|DR 65|FR 28 Hz|2D 60 dB|1.06 cm|LVIDd 4.8 cm|EF 58 %|75 mm/s|PRF 5000 Hz|Slice 3.0 mm|TR 500 TE 12|HR 72 bpm|180 ms|C 50|T1 FLAIR|FOV 337|Zoom 1.5x|Dist 23.4 mm|Vmax 1.2 m/s|TIB 0.5|15.0cm|Page 1/3';
const markers = 'L|R|RT|LT|RCC|LMLO|LAT|10|AP|H|F|5';
const identities =
  'SMITH^JOHN|Doe, Jane|MARTINEZ Rosa|Kowalska Anna|12.03.1962|2021-11-05|09:41:17|ID 4711-0815|MRN 00482913|DOB 17/08/1954|St. Mary Hospital|M 063Y|Dr. Weber|9261|30 JAN 94';

export async function evaluateKept(
  engine: TextEngine,
  images: number,
  { verify, failures }: { readonly verify: boolean; readonly failures: FailureSheet },
): Promise<string> {
  const tally = { measurements: [0, 0], markers: [0, 0], identities: [0, 0] };
  const lists = { measurements, markers, identities };
  for (let seed = 0; seed < 4 * images; seed++) {
    const next = random(50_000 + seed);
    const [width, height] = [640, 480];
    const image = { width, height, channels: 1 as const, data: background('dark', width, height, next) };
    const face = fontNames[Math.floor(next() * fontNames.length)] ?? 'DejaVuSans';
    const size = 11 + Math.floor(next() * 8);
    const drawn: { kind: keyof typeof lists; text: string; x: number; y: number; width: number; height: number }[] = [];
    // Lines stand as close as consoles set them.
    const pitch = Math.round(size * (1.25 + 0.35 * next()));
    for (const x of [6, 440])
      for (let line = 0; line < 6; line++) {
        const kind =
          (['measurements', 'measurements', 'markers', 'identities'] as const)[Math.floor(next() * 4)] ?? 'markers';
        const list = lists[kind].split('|');
        const text = list[Math.floor(next() * list.length)] ?? '';
        const ink = drawInk(text, face, size);
        const y = 8 + line * pitch + Math.max(0, size - ink.height);
        if (x + ink.width > width - 2) continue;
        paint(image, ink, x, y, 235);
        drawn.push({ kind, text, x, y, width: ink.width, height: ink.height });
      }
    const found = await engine.detect(image, { policy: 'identifying-and-unknown', keep: [], verify });
    if (!found.ok) throw new Error(found.message);
    const gone = maskOf(
      found.value.filter((r) => r.action === 'redact'),
      width,
      height,
    );
    for (const { kind, text, ...box } of drawn) {
      let sum = 0;
      for (let y = box.y; y < box.y + box.height; y++)
        for (let x = box.x; x < box.x + box.width; x++) sum += gone[y * width + x] ?? 0;
      const part = sum / (box.width * box.height);
      const right = kind === 'identities' ? part >= 0.9 : part <= 0.1;
      if (!right)
        failures.add(
          kind === 'identities' ? 'Kept, but tells of a person' : 'Erased, but should stay',
          image,
          box,
          text,
        );
      const counts = tally[kind];
      counts[0] = (counts[0] ?? 0) + Number(right);
      counts[1] = (counts[1] ?? 0) + 1;
    }
  }
  const row = (name: string, [right = 0, all = 0]: readonly number[]): string =>
    `| ${name} | ${all} | ${percent(right, all)} |`;
  return [
    '',
    '| drawn, "identifying and unknown" | lines | judged rightly |',
    '| --- | --- | --- |',
    row('measurements and settings kept', tally.measurements),
    row('laterality and markers kept', tally.markers),
    row('identifying redacted', tally.identities),
  ].join('\n');
}
