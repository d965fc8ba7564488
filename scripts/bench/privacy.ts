/** Cohorts in the page's own worker in Chromium: an optimal generalisation over many records, from the request to the answer. */
import { inOwnPage } from './own-page';
import { median, table } from './timing';

const records = Number(process.env.RECORDS ?? 100_000);

interface Timed {
  readonly ms: number;
  readonly found: boolean;
  readonly checked: number;
  readonly nodes: number;
  readonly leftOut: number;
}

/** `root` is the folder of the repository. */
export async function benchPrivacy(root: string, count = Number(process.env.ROUNDS ?? 5)): Promise<string> {
  return inOwnPage(root, 'privacy-page', async (page, browser) => {
    const rows: (readonly [string, number, number, string])[] = [];
    for (const [name, which] of [
      ['k = 5', 'k'],
      ['k = 5, 3 distinct diagnoses, t = 0.4', 'klt'],
    ] as const) {
      const times: Timed[] = [];
      for (let i = 0; i < count; i += 1) {
        times.push(await page.evaluate(([n, w]) => window.study(n, w), [records, which] as const));
      }
      const [first] = times;
      if (first === undefined) continue;
      const seconds = times.map((t) => t.ms / 1000);
      const outcome = first.found ? `found, ${first.leftOut} records left out` : 'nothing holds';
      const account = `${first.checked} of ${first.nodes} combinations looked at; ${outcome}`;
      rows.push([name, median(seconds), Math.max(...seconds), account]);
    }
    return table(
      `${browser}, the page’s worker, ${records} records of 8 attributes, ${count} rounds`,
      ['', 's, median', 's, longest', ''],
      rows,
    );
  });
}
