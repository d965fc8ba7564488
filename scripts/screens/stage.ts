/** A page that is photographed: in every theme, language and size that was asked for, without being set up anew for each. */
import type { Browser, BrowserContext, BrowserContextOptions, Page } from 'playwright';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';

export interface Look {
  readonly locale: 'en' | 'zh-CN';
  readonly theme: 'dark' | 'light';
  readonly width: number;
  readonly height: number;
}

const sizes = [
  [1440, 900],
  [1024, 768],
] as const;

/** Every look, in an order in which the least changes from one to the next. */
export const allLooks: readonly Look[] = sizes.flatMap(([width, height]) =>
  (['en', 'zh-CN'] as const).flatMap((locale) =>
    (['dark', 'light'] as const).map((theme) => ({ locale, theme, width, height })),
  ),
);

export const lookName = ({ locale, theme, width }: Look): string => `${locale}-${theme}-${width}`;

/** How the scenes are played, and how a page is left after each picture. */
export const home: Look = { locale: 'en', theme: 'dark', width: 1440, height: 900 };

/** By the controls of the page, which a modal window makes inert for people alone. */
async function wear(page: Page, look: Look): Promise<void> {
  await page.setViewportSize({ width: look.width, height: look.height });
  await page.evaluate(({ locale, theme }) => {
    const select = document.querySelector<HTMLSelectElement>('[data-testid=language]');
    if (select !== null && select.value !== locale) {
      select.value = locale;
      select.dispatchEvent(new Event('change', { bubbles: true }));
    }
    if (document.documentElement.dataset['theme'] !== theme)
      document.querySelector<HTMLElement>('[data-testid=theme]')?.click();
  }, look);
  await page.waitForFunction(
    ({ locale, theme }) => {
      const { lang, dataset } = document.documentElement;
      return lang === locale && dataset['theme'] === theme;
    },
    look,
    { polling: 50 },
  );
  // Panels measure themselves, and images are drawn into their new size.
  await page.waitForTimeout(150);
}

/** What is kept of a scene. */
export interface Camera {
  readonly looks: readonly Look[];
  /** Which scenes are photographed; all of an act are played, as each stands on the one before. */
  readonly wants: (scene: string) => boolean;
  readonly take: (page: Page, scene: string, look: Look) => Promise<void>;
}

/** Every scene in every look, each look in a folder of its own. */
export function everything(folder: string, looks: readonly Look[], wants: (scene: string) => boolean): Camera {
  return {
    looks,
    wants,
    take: async (page, scene, look) => {
      const path = join(folder, lookName(look));
      mkdirSync(path, { recursive: true });
      await page.screenshot({ path: join(path, `${scene}.png`) });
    },
  };
}

export class Stage {
  #taken = 0;

  constructor(
    readonly browser: Browser,
    readonly url: string,
    readonly camera: Camera,
  ) {}

  get taken(): number {
    return this.#taken;
  }

  /** A page of its own: nothing of another act is kept in it. */
  async open(options: BrowserContextOptions = {}, before?: (context: BrowserContext) => Promise<void>): Promise<Page> {
    const context = await this.browser.newContext({
      viewport: { width: home.width, height: home.height },
      locale: 'en-GB',
      reducedMotion: 'reduce',
      serviceWorkers: 'block',
      ...options,
    });
    // tsx names functions by a helper that pages do not have.
    await context.addInitScript({ content: 'globalThis.__name = (f) => f;' });
    await before?.(context);
    const page = await context.newPage();
    page.setDefaultTimeout(40_000);
    // Whether to leave a page with edits: yes.
    page.on('dialog', (dialog) => void dialog.accept());
    await page.goto(this.url);
    await page.getByTestId('proof-badge').waitFor();
    return page;
  }

  /** One picture for each look; the page is afterwards as it was. @param ready what is done again in each, as scrolling */
  async shoot(page: Page, scene: string, ready?: () => Promise<unknown>): Promise<void> {
    await this.#photograph(page, scene, this.camera.looks, {}, ready);
  }

  /** As `shoot`, at one size: what shows on a screen of 1280 × 1024 at 400 %. */
  async zoomed(page: Page, scene: string): Promise<void> {
    const first = this.camera.looks[0]?.width;
    const looks = this.camera.looks.filter((look) => look.width === first);
    await this.#photograph(page, scene, looks, { width: 320, height: 256 });
  }

  async #photograph(
    page: Page,
    scene: string,
    looks: readonly Look[],
    size: Partial<Look> = {},
    ready?: () => Promise<unknown>,
  ): Promise<void> {
    if (!this.camera.wants(scene)) return;
    for (const look of looks) {
      await wear(page, { ...look, ...size });
      await ready?.();
      await this.camera.take(page, scene, look);
      this.#taken++;
    }
    await wear(page, home);
  }
}

/** A window by its words in the command palette. */
export async function command(page: Page, words: string): Promise<void> {
  await page.getByTestId('open-palette').click();
  await page.getByTestId('palette').getByRole('combobox').fill(words);
  await page.keyboard.press('Enter');
}

/** Closes the window that is open. */
export async function closeWindow(page: Page): Promise<void> {
  await page.locator('dialog[open] [data-dialog-close]').click();
  await page.locator('dialog[open]').waitFor({ state: 'detached' });
}

/** Short words at the bottom are put away. */
export async function quiet(page: Page): Promise<void> {
  const words = page.locator('.notice');
  for (let left = await words.count(); left > 0; left = await words.count())
    await words.first().getByRole('button').last().click();
}

/** What is at the end of a window. */
export const windowEnd = (page: Page) => (): Promise<unknown> =>
  page.locator('dialog[open] .dialog__body').evaluate((body) => (body.scrollTop = body.scrollHeight));

/** All headers are read, and all images searched that are to be. */
export async function settled(page: Page): Promise<void> {
  await page.getByTestId('workspace').waitFor();
  await page.getByTestId('progress-idle').waitFor({ timeout: 300_000 });
}
