/**
 * `npm run screens`: every screen and state of the production build, in both themes, both languages and two sizes, to be looked at.
 * Writes `.cache/screens/<language>-<theme>-<width>/<scene>.png`; fails when a scene can't be reached or the page says an error.
 * `npm run screens -- kiosk export` plays only acts or photographs only scenes whose name begins so; `LOOKS=en-dark-1440` one look.
 * `npm run screens -- --axe` has axe look at every one of them instead, and fails where it finds something.
 * `npm run screenshots` plays the same for the pictures of the documentation alone, into `docs/images`.
 */
import { chromium } from 'playwright';
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { preview } from 'vite';
import { acts } from './acts';
import { auditCamera } from './audit';
import { guideCamera, guidePictures } from './guide';
import { allLooks, everything, lookName, Stage } from './stage';

const root = process.cwd();
const folder = join(root, '.cache/screens');
const guide = process.argv.includes('--guide');
const audited = process.argv.includes('--axe');
const asked = process.argv.slice(2).filter((word) => !word.startsWith('--'));
const names = allLooks.map(lookName);
const looks = process.env.LOOKS?.split(',') ?? names;
const unknown = looks.filter((look) => !names.includes(look));
if (unknown.length > 0) throw new Error(`no such look: ${unknown.join(', ')}; there are ${names.join(', ')}`);
const looked = allLooks.filter((look) => looks.includes(lookName(look)));

/** Whether the worker that keeps the page is another one when it is asked for again. */
let newer = false;
const server = await preview({
  root,
  logLevel: 'error',
  preview: { port: 0, host: '127.0.0.1' },
  plugins: [
    {
      name: 'newer-page',
      configurePreviewServer({ middlewares }) {
        middlewares.use((request, response, next) => {
          if (!newer || request.url?.startsWith('/sw.js') !== true) {
            next();
            return;
          }
          response.setHeader('content-type', 'text/javascript');
          response.end(`${readFileSync(join(root, 'dist/page/sw.js'), 'utf8')}\n// newer\n`);
        });
      },
    },
  ],
});
const address = server.httpServer.address();
if (address === null || typeof address === 'string') throw new Error('the preview server has no port');
const executablePath = process.env.CHROMIUM_PATH;
const browser = await chromium.launch({
  ...(executablePath === undefined ? {} : { executablePath }),
  args: ['--no-sandbox', '--disable-background-networking'],
});

if (asked.length === 0 && !guide && !audited)
  for (const look of looks) rmSync(join(folder, look), { recursive: true, force: true });

const problems: string[] = [];
let failed = false;
try {
  for (const [name, play] of Object.entries(acts)) {
    const whole = asked.some((a) => name.startsWith(a));
    if (guide && !Object.values(guidePictures).some(({ scene }) => scene.startsWith(`${name}-`))) continue;
    if (asked.length > 0 && !whole && !asked.some((a) => a.startsWith(`${name}-`))) continue;
    const started = Date.now();
    const wanted = (scene: string): boolean => asked.length === 0 || whole || asked.some((a) => scene.startsWith(a));
    const camera = guide
      ? guideCamera(join(root, 'docs/images'))
      : audited
        ? auditCamera(looked, wanted, problems)
        : everything(folder, looked, wanted);
    const stage = new Stage(browser, `http://127.0.0.1:${address.port}/`, camera);
    try {
      await play(stage, { renew: () => (newer = true) });
    } catch (error) {
      problems.push(
        `${name}: ${error instanceof Error ? error.message.split('\n').slice(0, 6).join(' ') : String(error)}`,
      );
      for (const context of browser.contexts())
        for (const page of context.pages())
          await page.screenshot({ path: join(root, '.cache', `stopped-${name}.png`) });
    }
    for (const context of browser.contexts()) await context.close();
    for (const problem of problems.splice(0)) {
      failed = true;
      console.error(problem);
    }
    console.log(
      `${name}: ${stage.taken} ${audited ? 'looked at' : 'pictures'} in ${((Date.now() - started) / 1000).toFixed(0)} s`,
    );
  }
} finally {
  await browser.close();
  await server.close();
}
process.exit(failed ? 1 : 0);
