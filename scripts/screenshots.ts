/** `npm run screenshots`: the pictures in the documentation, taken from the production build with the sample study. */
import { chromium, type Page } from 'playwright';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { preview } from 'vite';

const root = process.cwd();
const folder = join(root, 'docs/images');
mkdirSync(folder, { recursive: true });

const server = await preview({ root, logLevel: 'error', preview: { port: 0, host: '127.0.0.1' } });
const address = server.httpServer.address();
if (address === null || typeof address === 'string') throw new Error('the preview server has no port');
const executablePath = process.env.CHROMIUM_PATH;
const browser = await chromium.launch({
  ...(executablePath === undefined ? {} : { executablePath }),
  args: ['--no-sandbox', '--disable-background-networking'],
});

async function shot(page: Page, name: string): Promise<void> {
  // Spinners and fades would make each run's picture another one.
  await page.waitForTimeout(400);
  await page.screenshot({ path: join(folder, `${name}.png`) });
}

try {
  const page = await browser.newPage({
    viewport: { width: 1440, height: 900 },
    locale: 'en-GB',
    reducedMotion: 'reduce',
  });
  await page.goto(`http://127.0.0.1:${address.port}/`);
  await shot(page, 'start');
  await page.getByTestId('try-sample').click();
  await page
    .getByRole('treeitem', { name: /Right upper quadrant/ })
    .first()
    .click();
  await page.getByRole('tab', { name: 'Regions' }).click();
  await page.getByTestId('region-list').getByRole('listitem').first().waitFor({ timeout: 240_000 });
  await page
    .getByTestId('region-list')
    .getByRole('button')
    .or(page.getByTestId('region-list').getByRole('listitem'))
    .first()
    .click();
  await shot(page, 'workspace');
  await page.getByRole('tab', { name: 'Tags' }).click();
  await shot(page, 'tags');
  await page.getByRole('tab', { name: 'Profile' }).click();
  await page.getByTestId('profile-research').click();
  await page.getByTestId('profile-effect').getByRole('listitem').first().waitFor();
  await shot(page, 'profile');
  await page.getByTestId('open-export').click();
  await shot(page, 'export');
} finally {
  await browser.close();
  await server.close();
}
