/**
 * How soon a search for text stops, in the production build in Chromium (`npm run build` first): from the press on "pause" or "close"
 * until the page says so, and until the last of its workers does nothing more; and what the workers take of memory meanwhile, with and
 * without the second thread of ADR 11. Images: those of ../shared/data with burned-in text, or drawn CT.
 */
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { chromium, type Browser, type Page } from 'playwright';
import { preview } from 'vite';
import { ct } from './corpus';
import { browserPath, renderers } from './large-page';
import { holdFiles, letGo } from './page-probes';
import { between, threadTimes } from './threads';
import { median, table, workFolder } from './timing';

const presses = Number(process.env.PRESSES ?? 20);
const closings = Number(process.env.CLOSINGS ?? 4);

/** Milliseconds until a worker that used less of the processor than this in a look is taken for idle, and how long looks go on. */
const look = 4;
const busy = 1;
const watched = 1500;

interface Stop {
  /** Milliseconds from the press until the page says it. */
  readonly said: number;
  /** Until the last moment at which a worker computed. */
  readonly idle: number;
}

/** Files for the page, by their paths. */
function images(folder: string): readonly string[] {
  const data = '../shared/data';
  const lines = JSON.parse(readFileSync('scripts/model/real-lines.json', 'utf8')) as Record<string, unknown>;
  const real = Object.keys(lines)
    .map((file) => join(data, file))
    .filter((file) => existsSync(file));
  if (real.length > 0) return real;
  return Array.from({ length: 40 }, (_, i) => {
    const file = join(folder, `${i}.dcm`);
    writeFileSync(file, ct(i));
    return file;
  });
}

async function opened(browser: Browser, url: string): Promise<Page> {
  const page = await browser.newPage({
    viewport: { width: 1440, height: 900 },
    locale: 'en-GB',
    serviceWorkers: 'block',
  });
  await page.goto(url);
  await page.getByTestId('pick-folder').waitFor();
  // The profile that looks at every image.
  await page.keyboard.press('Control+K');
  await page.getByTestId('palette').waitFor();
  await page.keyboard.type('teaching');
  await page.keyboard.press('Enter');
  await page.getByTestId('palette').waitFor({ state: 'detached' });
  return page;
}

async function drop(page: Page, files: readonly string[]): Promise<void> {
  const input = await page.evaluateHandle(() => {
    const element = document.createElement('input');
    element.type = 'file';
    element.multiple = true;
    return element;
  });
  await input.setInputFiles([...files]);
  await page.evaluate(holdFiles, input);
  await page.evaluate(letGo);
}

/** Waits until the search has done some images: by then its networks are loaded. */
async function searching(page: Page, done: number): Promise<void> {
  await page.waitForFunction(
    (n) => {
      const bar = document.querySelector('[data-testid=progress] [role=progressbar]');
      const paused = document.querySelector('[data-testid=pause-checks]');
      return paused !== null && Number(bar?.getAttribute('aria-valuenow') ?? 0) >= n;
    },
    done,
    { timeout: 120_000 },
  );
}

/** Presses and watches. @param says what the page shows when it has stopped */
async function stopped(page: Page, pids: readonly number[], press: string, says: string): Promise<Stop> {
  const told = page.evaluate(
    async ({ press, says }) => {
      const start = Date.now();
      document.querySelector<HTMLElement>(`[data-testid=${press}]`)?.click();
      const shows = (): boolean =>
        says === 'paused'
          ? document.querySelector('[data-testid=progress]')?.textContent.includes('paused') === true
          : document.querySelector(`[data-testid=${says}]`) !== null;
      while (!shows()) await new Promise((resolve) => requestAnimationFrame(resolve));
      return { start, said: Date.now() - start };
    },
    { press, says },
  );
  const seen: { readonly at: number; readonly ms: number }[] = [];
  let before = threadTimes(pids, 'DedicatedWorker');
  const end = Date.now() + watched;
  while (Date.now() < end) {
    await new Promise((resolve) => setTimeout(resolve, look));
    // Workers that are started meanwhile begin something else.
    const all = threadTimes(pids, 'DedicatedWorker');
    const after = new Map([...all].filter(([task]) => before.has(task)));
    seen.push({ at: Date.now(), ms: between(before, after) });
    before = after;
  }
  const { start, said } = await told;
  const last = seen.findLast(({ at, ms }) => at > start && ms > busy);
  return { said, idle: last === undefined ? 0 : last.at - start };
}

const line = (name: string, stops: readonly Stop[]): readonly (string | number)[] => {
  const of = (key: keyof Stop) => stops.map((stop) => stop[key]);
  const most = (key: keyof Stop) => Math.max(...of(key));
  const late = stops.filter(({ idle }) => idle > 200).length;
  return [name, median(of('said')), most('said'), median(of('idle')), most('idle'), `${late} of ${stops.length}`];
};

export async function benchCancel(): Promise<string> {
  const executablePath = browserPath();
  if (!existsSync('dist/page/index.html') || executablePath === undefined)
    return 'Cancelling needs `npm run build` and a Chromium.\n';
  const server = await preview({ root: process.cwd(), logLevel: 'error', preview: { port: 0, host: '127.0.0.1' } });
  const address = server.httpServer.address();
  if (address === null || typeof address === 'string') throw new Error('the preview server has no port');
  const url = `http://127.0.0.1:${address.port}/`;
  const folder = mkdtempSync(join(workFolder(40_000_000), 'lethe-cancel-'));
  const files = images(folder);
  const args = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
  const launch = (profile: string) => chromium.launch({ executablePath, args: [...args, `--lethe-bench=${profile}`] });
  try {
    const browser = await launch(folder);
    const pids = () => renderers(folder).map(({ pid }) => pid);
    const pauses: Stop[] = [];
    const closes: Stop[] = [];
    let page = await opened(browser, url);
    await drop(page, files);
    await searching(page, 2);
    for (let i = 0; i < presses; i += 1) {
      // At any moment of a search.
      await page.waitForTimeout(300 + ((i * 389) % 700));
      if ((await page.getByTestId('pause-checks').count()) === 0) break;
      pauses.push(await stopped(page, pids(), 'pause-checks', 'paused'));
      await page.getByTestId('pause-checks').click();
    }
    await page.close();
    for (let i = 0; i < closings; i += 1) {
      page = await opened(browser, url);
      await drop(page, files);
      await searching(page, 1);
      await page.waitForTimeout(100 + ((i * 389) % 700));
      await page.getByTestId('close-session').click();
      await page.getByTestId('close-confirm').waitFor();
      closes.push(await stopped(page, pids(), 'close-confirm', 'pick-folder'));
      await page.close();
    }
    const version = browser.version();
    await browser.close();
    const memory: (readonly (string | number)[])[] = [];
    for (const [name, assisted] of [
      ['with the second thread', true],
      ['without', false],
    ].filter(() => process.env.MEMORY !== '0') as [string, boolean][]) {
      const other = await launch(`${folder}-${assisted}`);
      page = await opened(other, url);
      // Who holds this lock has the only one.
      if (!assisted)
        await page.evaluate(() => void navigator.locks.request('lethe-helper', () => new Promise(() => undefined)));
      const own = () => renderers(`${folder}-${assisted}`).reduce((most, r) => Math.max(most, r.held), 0);
      const empty = own();
      await drop(page, files);
      let held = 0;
      const watch = setInterval(() => (held = Math.max(held, own())), 100);
      await page.getByTestId('progress-idle').waitFor({ timeout: 300_000 });
      clearInterval(watch);
      await page.waitForTimeout(2000);
      memory.push([name, empty, held, own()]);
      await other.close();
    }
    return [
      table(
        `Stopping a search for text in ${files.length} images, Chromium ${version}, milliseconds`,
        ['', 'said, median', 'most', 'workers idle, median', 'most', 'over 200'],
        [line('pause', pauses), line('close', closes)],
      ),
      table(
        'Memory of the page with its workers (anonymous pages), MiB',
        ['', 'empty page', 'most during the search', 'two seconds after it'],
        memory,
      ),
    ].join('\n');
  } finally {
    await server.close();
    rmSync(folder, { recursive: true, force: true });
  }
}
