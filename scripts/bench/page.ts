/**
 * How the page feels, measured in Chromium on the production build (`npm run build` first): when it can be used, when a dropped
 * image is seen, whether the main thread ever stands still while a study is read and searched, and whether long lists scroll.
 * `PAGE_PROFILE=1` adds which functions the long tasks spent their time in; `ROWS`, `FILES`, `SCAN_SECONDS` make it shorter.
 */
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { chromium, type BrowserContext, type Page } from 'playwright';
import { preview } from 'vite';
import { ct, small } from './corpus';
import { browserPath } from './large-page';
import { endTrace, startTrace, type Trace } from './page-trace';
import { frameGaps, holdCopies, holdFiles, interactiveProbe, letGo, lightUp } from './page-probes';
import { median, table, workFolder } from './timing';

type Line = readonly (string | number)[];

const rounds = Number(process.env.ROUNDS ?? 9);
const files = Number(process.env.FILES ?? 1000);
const rows = Number(process.env.ROWS ?? 100_000);
const scanSeconds = Number(process.env.SCAN_SECONDS ?? 60);
const profile = process.env.PAGE_PROFILE === '1';

/** Milliseconds from the start of the navigation to the first frame in which a press would be heard. */
async function interactive(context: BrowserContext, url: string): Promise<number[]> {
  const first = await context.newPage();
  await first.goto(url);
  await first.evaluate(() => navigator.serviceWorker.ready.then(() => undefined));
  await first.close();
  const times: number[] = [];
  for (let i = 0; i < rounds + 1; i += 1) {
    const page = await context.newPage();
    await page.addInitScript(interactiveProbe);
    await page.goto(url);
    await page.waitForFunction(() => window.benchInteractive !== undefined);
    times.push(await page.evaluate(() => window.benchInteractive ?? NaN));
    await page.close();
  }
  return times.slice(1);
}

interface Seen {
  /** The first image of a freshly opened page: workers and viewer are loaded by it. */
  readonly fresh: number[];
  /** The first image of a next study in the same page. */
  readonly again: number[];
}

/** Milliseconds from the drop of one 512 × 512 CT to the first frame that shows its pixels. */
async function seen(context: BrowserContext, url: string): Promise<Seen> {
  const fresh: number[] = [];
  const again: number[] = [];
  for (let i = 0; i < rounds + 1; i += 1) {
    const page = await context.newPage();
    await page.goto(url);
    await page.getByTestId('pick-folder').waitFor();
    // A person looks before they drop.
    await page.waitForTimeout(1000);
    const drop = (n: number): Promise<number> => page.evaluate(lightUp, Buffer.from(ct(n)).toString('base64'));
    fresh.push(await drop(1));
    await page.getByTestId('close-session').click();
    await page.getByTestId('close-confirm').click();
    await page.getByTestId('pick-folder').waitFor();
    await page.waitForTimeout(1000);
    again.push(await drop(2));
    await page.close();
  }
  return { fresh: fresh.slice(1), again: again.slice(1) };
}

interface Batch {
  readonly readSeconds: number;
  readonly scanned: number;
  readonly trace: Trace;
}

/** A whole study is dropped with the profile that looks at every image: reading, then searching for text, traced. */
async function batch(context: BrowserContext, url: string, folder: string): Promise<Batch> {
  const page = await context.newPage();
  await page.goto(url);
  await page.getByTestId('pick-folder').waitFor();
  await page.keyboard.press('Control+K');
  await page.getByTestId('palette').waitFor();
  await page.keyboard.type('teaching');
  await page.keyboard.press('Enter');
  await page.getByTestId('palette').waitFor({ state: 'detached' });
  const input = await page.evaluateHandle(() => {
    const element = document.createElement('input');
    element.type = 'file';
    element.multiple = true;
    return element;
  });
  await input.setInputFiles(Array.from({ length: files }, (_, i) => join(folder, `${i}.dcm`)));
  const session = await context.browser()?.newBrowserCDPSession();
  if (session === undefined) throw new Error('no session with the browser');
  await page.evaluate(holdFiles, input);
  await page.waitForTimeout(1000);
  await startTrace(session, profile);
  const start = performance.now();
  await page.evaluate(letGo);
  await page.waitForFunction(
    () => /\d/.test(document.querySelector('[data-testid=progress]')?.textContent ?? ''),
    null,
    {
      timeout: 60_000,
    },
  );
  await page.waitForFunction(
    () =>
      document.querySelector('[data-testid=progress] [role=progressbar]')?.getAttribute('aria-label') !==
      'Reading headers',
    null,
    { timeout: 600_000, polling: 200 },
  );
  const readSeconds = (performance.now() - start) / 1000;
  await page
    .getByTestId('progress-idle')
    .waitFor({ timeout: scanSeconds * 1000 })
    .catch(() => undefined);
  const trace = await endTrace(session);
  const left = await page.evaluate(
    () => document.querySelector('[data-testid=progress] [role=progressbar]')?.getAttribute('aria-valuenow') ?? null,
  );
  await page.close();
  return { readSeconds, scanned: left === null ? files : Number(left), trace };
}

interface Scrolled {
  readonly fps: number;
  readonly worst: number;
  readonly trace: Trace;
}

/** A list of so many rows, scrolled steadily, and dragged from end to end. */
async function scrolling(page: Page, context: BrowserContext): Promise<{ steady: Scrolled; dragged: Scrolled }> {
  const session = await context.browser()?.newBrowserCDPSession();
  if (session === undefined) throw new Error('no session with the browser');
  const run = async (pixelsAFrame: number | 'end'): Promise<Scrolled> => {
    await startTrace(session, profile);
    const gaps = await page.evaluate(frameGaps, { seconds: 5, pixelsAFrame });
    const trace = await endTrace(session);
    const sum = gaps.reduce((a, b) => a + b, 0);
    return { fps: (gaps.length * 1000) / sum, worst: Math.max(...gaps), trace };
  };
  await run(40);
  return { steady: await run(40), dragged: await run('end') };
}

async function manyRows(
  context: BrowserContext,
  url: string,
): Promise<{ seconds: number; steady: Scrolled; dragged: Scrolled; load: Trace }> {
  const page = await context.newPage();
  await page.goto(url);
  await page.getByTestId('pick-folder').waitFor();
  const session = await context.browser()?.newBrowserCDPSession();
  if (session === undefined) throw new Error('no session with the browser');
  await page.evaluate(holdCopies, { count: rows, base64: Buffer.from(small('7777777')).toString('base64') });
  await startTrace(session, profile);
  const start = performance.now();
  await page.evaluate(letGo);
  await page.waitForFunction(
    (n) =>
      [...document.querySelectorAll('[data-kind=series]')].some((e) =>
        e.textContent.replace(/\D/g, '').includes(String(n)),
      ),
    rows,
    { timeout: 3_600_000, polling: 1000 },
  );
  await page.getByTestId('progress-idle').waitFor({ timeout: 600_000 });
  const seconds = (performance.now() - start) / 1000;
  const load = await endTrace(session);
  await page.locator('[data-kind=series]').first().press('ArrowRight');
  await page.locator('[data-kind=instance]').first().waitFor();
  const result = await scrolling(page, context);
  await page.close();
  return { seconds, load, ...result };
}

const over = (trace: Trace): Line => [
  trace.tasks.filter((t) => t.wall > 50).length,
  trace.tasks.filter((t) => t.cpu > 50).length,
  trace.tasks[0]?.wall ?? 0,
  // A trace may hold more tasks than a call takes arguments.
  trace.tasks.reduce((most, t) => Math.max(most, t.cpu), 0),
];

/** Where long tasks come from, when asked for. */
function hottest(name: string, { hot, tasks }: Trace): string {
  if (!profile) return '';
  // On a machine with other work the clock tells less than the processor.
  const long = tasks
    .filter((t) => t.wall > 50)
    .sort((a, b) => b.cpu - a.cpu)
    .slice(0, 12);
  return [
    table(
      `Long tasks: ${name}`,
      ['at, ms', 'ms', 'of the processor', 'in'],
      long.map((t) => [t.at, t.wall, t.cpu, t.what]),
    ),
    table(`Functions within them`, ['function', 'ms'], hot.slice(0, 20)),
  ].join('\n');
}

export async function benchPage(): Promise<string> {
  const executablePath = browserPath();
  if (!existsSync('dist/page/index.html') || executablePath === undefined) {
    return 'The page needs `npm run build` and a Chromium.\n';
  }
  const only = process.env.PAGE_PARTS?.split(',') ?? ['start', 'batch', 'rows'];
  const server = await preview({ root: process.cwd(), logLevel: 'error', preview: { port: 0, host: '127.0.0.1' } });
  const address = server.httpServer.address();
  if (address === null || typeof address === 'string') throw new Error('the preview server has no port');
  const url = `http://127.0.0.1:${address.port}/`;
  const browser = await chromium.launch({ executablePath, args: process.getuid?.() === 0 ? ['--no-sandbox'] : [] });
  const folder = mkdtempSync(join(workFolder(files * 530_000), 'lethe-page-'));
  const parts: string[] = [];
  const tell = (text: string): void => {
    // It takes minutes: what is known is said at once.
    console.error(text);
    parts.push(text);
  };
  try {
    const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, locale: 'en-GB' });
    if (only.includes('start')) {
      const ready = await interactive(context, url);
      const { fresh, again } = await seen(context, url);
      const line = (name: string, times: readonly number[], bar: number): Line => [
        name,
        median(times),
        Math.min(...times),
        Math.max(...times),
        bar,
      ];
      tell(
        table(
          `The page in Chromium ${browser.version()}, milliseconds, ${rounds} rounds`,
          ['', 'median', 'least', 'most', 'bar'],
          [
            line('opened again (kept by its service worker) until it can be used', ready, 1000),
            line('a dropped 512 × 512 CT until it is seen, first of a fresh page', fresh, 200),
            line('the same, first of the next study', again, 200),
          ],
        ),
      );
    }
    const columns = [
      '',
      'tasks over 50 ms',
      'of these by processor time',
      'longest, ms',
      'longest by processor time, ms',
    ];
    if (only.includes('batch')) {
      mkdirSync(folder, { recursive: true });
      for (let i = 0; i < files; i += 1) writeFileSync(join(folder, `${i}.dcm`), ct(i));
      const { readSeconds, scanned, trace } = await batch(context, url, folder);
      tell(
        table(
          `Main thread while ${files} CT of 0.5 MiB are read (${readSeconds.toFixed(1)} s) and ${scanned} searched for text (${trace.tasks.length} tasks)`,
          columns,
          [['reading and searching', ...over(trace)]],
        ) + hottest('reading and searching', trace),
      );
    }
    if (only.includes('rows')) {
      const { seconds, steady, dragged, load } = await manyRows(context, url);
      tell(
        table(
          `A list of ${rows} images (read in ${seconds.toFixed(0)} s)`,
          ['', 'frames a second', 'longest gap, ms', ...columns.slice(1)],
          [
            ['while it is read', '', '', ...over(load)],
            ['scrolled steadily (40 px a frame)', steady.fps, steady.worst, ...over(steady.trace)],
            ['dragged from end to end in 5 s', dragged.fps, dragged.worst, ...over(dragged.trace)],
          ],
        ) +
          hottest('while it is read', load) +
          hottest('dragged', dragged.trace),
      );
    }
    return parts.join('\n');
  } finally {
    await browser.close();
    await server.close();
    rmSync(folder, { recursive: true, force: true });
  }
}
