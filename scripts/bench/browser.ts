/** Lethe in a worker of Chromium: computing for a CT, and from files to files beside a plain copy by the same browser. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ct } from './corpus';
import { inOwnPage } from './own-page';
import { median, table } from './timing';

const files = 200;

interface FolderTimes {
  readonly copy: number;
  readonly lethe: number;
}

/** `root` is the folder of the repository. */
export async function benchBrowser(root: string, count = Number(process.env.ROUNDS ?? 5)): Promise<string> {
  const layFiles = (folder: string): void => {
    mkdirSync(join(folder, 'ct'));
    for (let i = 0; i < files; i += 1) writeFileSync(join(folder, 'ct', `${i}.dcm`), ct(i));
  };
  return inOwnPage(
    root,
    'browser',
    async (page, browser) => {
      const ask = (request: object): Promise<unknown> => page.evaluate((r) => window.bench(r), request);
      // The first rounds compile.
      const warm = 10;
      const computing = (await ask({ what: 'computing', files, rounds: count + warm })) as number[];
      const folder = (await ask({ what: 'folder', files, rounds: count + 2 })) as FolderTimes[];
      const kept = folder.slice(2);
      const copy = median(kept.map((t) => t.copy));
      const lethe = median(kept.map((t) => t.lethe));
      return table(
        `${browser}, one worker, ${files} CT of 0.5 MiB, median of ${count}`,
        ['', 'ms a file', '× copy'],
        [
          ['computing alone (both passes and the gate, from memory)', median(computing.slice(warm)), ''],
          ['computing alone, the first 200 files of a fresh worker', computing[0] ?? NaN, ''],
          ['copy, file to file', copy, 1],
          ['Lethe, file to file', lethe, lethe / copy],
        ],
      );
    },
    layFiles,
  );
}
