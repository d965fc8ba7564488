/** The set as a whole and the texts that go with it: cohort risk, published statistics, masked reports. */
import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import { readFileSync } from 'node:fs';
import { unzipSync } from 'fflate';
import { buildDicom } from '../fixtures/build';
import { drop, type TestFile } from './support/files';
import { expect, test } from './support/lethe';

/** Eight patients in two groups of age, one of them much older than the rest. */
function cohort(): TestFile[] {
  return Array.from({ length: 8 }, (_, i) => {
    const letter = 'ABCDEFGH'.charAt(i);
    const age = i === 7 ? '085Y' : `0${40 + i}Y`;
    const elements = [
      { tag: '00100010', vr: 'PN', value: `Ekelund${letter}^Nora` },
      { tag: '00100020', vr: 'LO', value: `KX7710${i}` },
      { tag: '00100040', vr: 'CS', value: 'F' },
      { tag: '00101010', vr: 'AS', value: age },
      { tag: '00080018', vr: 'UI', value: `1.2.3.4.${i}` },
    ];
    return { path: `cohort/${i}.dcm`, bytes: buildDicom({ name: 'cohort', extends: 'ct', elements }) };
  });
}

async function violations(page: Page): Promise<string[]> {
  const result = await new AxeBuilder({ page }).withTags(['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa']).analyze();
  return result.violations.map((v) => `${v.id}: ${v.nodes.map((n) => n.target.join(' ')).join('; ')}`);
}

/** By keyboard alone: the palette finds every tool by its name. */
async function command(page: Page, words: string): Promise<void> {
  await page.keyboard.press('Control+k');
  await expect(page.getByTestId('palette')).toBeVisible();
  await page.keyboard.type(words);
  await page.keyboard.press('Enter');
}

async function research(page: Page): Promise<void> {
  await drop(page, cohort());
  await expect(page.getByTestId('workspace')).toBeVisible();
  await command(page, 'Profile: Research');
}

test('a rare patient is found, the policy hides the others, and the export leaves the rare one out', async ({
  page,
  open,
}) => {
  await open();
  await research(page);
  await command(page, 'cohort');
  const dialog = page.getByTestId('cohort-dialog');
  await expect(dialog).toBeVisible();
  await dialog.getByLabel('Records that may be left out, %').fill('20');
  await page.getByTestId('cohort-run').click();
  const report = page.getByTestId('cohort-report');
  await expect(report.getByRole('row', { name: /Smallest group/ })).toContainText('1');
  await expect(report.getByRole('row', { name: /Smallest group/ })).toContainText('7');
  await page.getByTestId('cohort-apply').click();
  await expect(page.getByTestId('cohort-in-force')).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(page.getByTestId('tag-diff')).toContainText('045Y');

  await page.getByTestId('open-export').click();
  const saved = page.waitForEvent('download');
  await page.getByTestId('export-start').click();
  const files = unzipSync(new Uint8Array(readFileSync(await (await saved).path())));
  expect(Object.keys(files).filter((name) => name.endsWith('.dcm'))).toHaveLength(7);
  const record = JSON.parse(new TextDecoder().decode(files['lethe-report.json'])) as {
    cohort: unknown;
    totals: { codes: Record<string, number> };
  };
  expect(record.cohort).toMatchObject({ k: 7, patients: 7, leftOut: 1, holds: true });
  expect(record.totals.codes).toMatchObject({ 'cohort-rare': 1 });
});

test('statistics spend a budget that cannot be overspent', async ({ page, open }) => {
  await open();
  await research(page);
  await command(page, 'cohort');
  await page.getByRole('tab', { name: 'Statistics to publish' }).click();
  await page.getByLabel('Spend (ε)').fill('0.6');
  await page.getByTestId('stat-publish').click();
  await expect(page.getByTestId('stat-results')).toContainText('How many patients');
  await expect(page.getByTestId('budget-spent')).toContainText('0.6 of 1 spent');
  await page.getByTestId('stat-publish').click();
  await expect(page.getByTestId('stat-note')).toContainText('Nothing was spent');
  await expect(page.getByTestId('budget-spent')).toContainText('0.6 of 1 spent');
  await page.getByTestId('stat-kind').selectOption('histogram');
  await page.getByLabel('Spend (ε)').fill('0.4');
  await page.getByTestId('stat-publish').click();
  await expect(page.getByTestId('budget-spent')).toContainText('1 of 1 spent');
});

test('a report gets the pseudonym of the images and goes out with them', async ({ page, open }) => {
  await open();
  await research(page);
  await command(page, 'mask');
  await page.getByTestId('mask-source').fill('EkelundA, Nora (KX77100), seen on 2024-05-17 by Dr. Holm; liver 12 mm.');
  await page.getByTestId('mask-run').click();
  const diff = page.getByTestId('mask-diff');
  await expect(diff.locator('ins').first()).toHaveText(/ANON-/);
  await expect(diff).toContainText('liver 12 mm.');
  await page.getByTestId('mask-file').setInputFiles({ name: 'x.txt', mimeType: 'text/plain', buffer: Buffer.from([0x4d, 0xfc]) });
  await expect(page.getByRole('alert')).toContainText('not masked');
  await page.getByTestId('mask-run').click();
  await page.getByTestId('mask-keep').click();
  await page.keyboard.press('Escape');
  await page.getByTestId('open-export').click();
  const saved = page.waitForEvent('download');
  await page.getByTestId('export-start').click();
  const files = unzipSync(new Uint8Array(readFileSync(await (await saved).path())));
  const name = Object.keys(files).find((n) => n.startsWith('texts/')) ?? '';
  const text = new TextDecoder().decode(files[name]);
  const alias = /ANON-\w+/.exec(text)?.[0] ?? '';
  expect(text).not.toMatch(/Ekelund|77100|Holm|2024-05-17/);
  expect(Object.keys(files).some((n) => n.startsWith(`${alias}/`))).toBe(true);
  const record = JSON.parse(new TextDecoder().decode(files['lethe-report.json'])) as { documents: { output: string }[] };
  expect(record.documents.map((d) => d.output)).toEqual([name]);
}); // prettier-ignore

for (const language of ['en', 'zh-CN'])
  for (const theme of ['dark', 'light'])
    test(`both panels without violations in ${language}, ${theme}`, async ({ page, open }, info) => {
      await open();
      await research(page);
      await page.getByTestId('language').selectOption(language);
      if ((await page.locator('html').getAttribute('data-theme')) !== theme) await page.getByTestId('theme').click();
      await page.getByRole('tab').nth(3).click();
      for (const size of [{ width: 1440, height: 900 }, { width: 1024, height: 768 }]) {
        await page.setViewportSize(size);
        await page.getByTestId('open-cohort').click();
        await page.getByTestId('cohort-run').click();
        await expect(page.getByTestId('cohort-report')).toBeVisible();
        expect(await violations(page), 'risk').toEqual([]);
        await page.screenshot({ path: info.outputPath(`risk-${size.width}.png`) });
        await page.getByTestId('cohort-report').locator('table').last().scrollIntoViewIfNeeded();
        await page.screenshot({ path: info.outputPath(`risk-end-${size.width}.png`) });
        await page.locator('#cohort-tab-statistics').click();
        await page.getByTestId('stat-kind').selectOption('mean');
        await page.getByTestId('stat-publish').click();
        await expect(page.getByTestId('stat-results')).toBeVisible();
        expect(await violations(page), 'statistics').toEqual([]);
        await page.screenshot({ path: info.outputPath(`statistics-${size.width}.png`) });
        await page.keyboard.press('Escape');
        await page.getByTestId('open-mask').click();
        await page.getByTestId('mask-source').fill('EkelundA, Nora (KX77100), 2024-05-17. Seen with Alice Smith.');
        await page.getByTestId('mask-run').click();
        await expect(page.getByTestId('mask-result')).toBeVisible();
        expect(await violations(page), 'mask').toEqual([]);
        await page.screenshot({ path: info.outputPath(`mask-${size.width}.png`) });
        await page.keyboard.press('Escape');
      }
    }); // prettier-ignore
