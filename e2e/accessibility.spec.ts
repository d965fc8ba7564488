/** axe on every screen, in both themes and both languages. */
import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import { broken, drop, sample } from './support/files';
import { expect, test, withoutOffline } from './support/lethe';

test.use(withoutOffline);

/** @param within what to look at; the page behind a window was looked at before */
async function violations(page: Page, within = 'html'): Promise<string[]> {
  const result = await new AxeBuilder({ page })
    .include(within)
    .withTags(['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa'])
    .analyze();
  return result.violations.map((v) => `${v.id}: ${v.nodes.map((n) => n.target.join(' ')).join('; ')}`);
}

for (const language of ['en', 'zh-CN'])
  for (const theme of ['dark', 'light'])
    test(`no violations in ${language}, ${theme}`, async ({ page, open }) => {
      await open();
      await page.getByTestId('language').selectOption(language);
      if ((await page.locator('html').getAttribute('data-theme')) !== theme) await page.getByTestId('theme').click();
      await expect(page.locator('html')).toHaveAttribute('data-theme', theme);
      expect(await violations(page), 'empty page').toEqual([]);
      await drop(page, [
        sample('CT chest/IM0001.dcm'),
        sample('ECG/Fairweather Imogen ECG.png'),
        ...broken().slice(0, 2),
      ]);
      await expect(page.getByTestId('workspace')).toBeVisible();
      await expect(page.getByTestId('tag-diff')).toBeVisible();
      expect(await violations(page), 'workspace, tags').toEqual([]);
      for (const tab of [1, 2, 3]) {
        await page.getByRole('tab').nth(tab).click();
        expect(await violations(page), `inspector tab ${tab}`).toEqual([]);
      }
      await page.getByTestId('tool-region').click();
      await page.keyboard.press('Shift+B');
      await expect(page.getByTestId('region-bar')).toBeVisible();
      expect(await violations(page), 'a selected region').toEqual([]);
      await page.getByTestId('open-problems').click();
      await expect(page.getByTestId('problems')).toBeVisible();
      expect(await violations(page), 'messages').toEqual([]);
      await page.keyboard.press('Escape');
      const common = ['open-export', 'proof-badge', 'open-help', 'open-palette', 'close-session'];
      for (const dialog of [...common, 'open-cohort', 'open-mask', 'open-verify']) {
        await page.getByTestId(dialog).click();
        await expect(page.getByRole('dialog')).toBeVisible();
        expect(await violations(page, 'dialog[open]'), dialog).toEqual([]);
        await page.keyboard.press('Escape');
      }
    });
