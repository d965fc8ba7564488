/** Files of every kind: paused and gone on with, every input accounted for, results as the command line makes them. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { cohortSecrets } from '../fixtures/cohort';
import { layCohort, resultsOf, throughCli, writtenReport } from '../scripts/cohort/run';
import type { AuditReport } from '../src/core/audit/record';
import { chooseFolderExport, chooseForBatch, mixedFiles } from './support/batch';
import { layFiles, offerPrivateFolders, writtenSoFar } from './support/browser';
import { found, writtenFiles } from './support/files';
import { expect, test, withoutOffline } from './support/lethe';

test.use(withoutOffline);

const files = mixedFiles(150);

/** By the command line that `npm test` builds, with the profile of the page: its name is written into results. */
function byCommandLine({ profile }: AuditReport): AuditReport {
  const folder = mkdtempSync(join(tmpdir(), 'lethe-mixed-'));
  try {
    // Where a file lies names the patient of a photograph: as in the page.
    layCohort(join(folder, 'in'), files);
    return throughCli(join(folder, 'in'), join(folder, 'out'), profile).report;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

test('mixed files: paused, gone on with, all accounted for, as the command line', async ({ page, open }) => {
  test.slow();
  await offerPrivateFolders(page);
  await open();
  await layFiles(page, files);
  await page.getByTestId('pick-folder').click();
  const workspace = page.getByTestId('workspace');
  await workspace.evaluate((element) => element.setAttribute('data-first', ''));
  await chooseForBatch(page);
  // The workspace that came first is there to stay: no other takes its place, and what is typed into it.
  await expect(
    page.getByTestId('instance-row').or(page.getByRole('row')).or(page.getByRole('treeitem')).first(),
  ).toBeVisible();
  await expect(workspace).toHaveAttribute('data-first');
  await chooseFolderExport(page);
  await page.getByTestId('export-start').click();
  // Within the page: between two steps from outside so small a batch could be over.
  await page.evaluate(async () => {
    while (window.resultsWritten < 4) await new Promise((resolve) => setTimeout(resolve, 5));
    document.querySelector<HTMLElement>('[data-testid=export-pause]')?.click();
  });
  // What was in work ends; then nothing more comes.
  let then = -1;
  for (let now = await writtenSoFar(page); now !== then; now = await writtenSoFar(page)) {
    then = now;
    await page.waitForTimeout(500);
  }
  expect(then).toBeLessThan(files.length * 0.9);
  await page.waitForTimeout(500);
  expect(await writtenSoFar(page)).toBe(then);
  await expect(page.getByTestId('export-dialog')).toContainText('paused');
  await page.locator('dialog[open] .button--primary').filter({ hasText: 'Close' }).click();
  await page.getByTestId('open-palette').click();
  await page.getByTestId('palette').getByRole('combobox').fill('Pause or go on with the export');
  await page.keyboard.press('Enter');
  await page.getByTestId('open-export').click();
  await expect(page.getByTestId('export-result')).toBeVisible({ timeout: 110_000 });
  const numbers = await Promise.all(
    ['exported', 'review', 'refused', 'skipped'].map(async (state) =>
      Number(await page.getByTestId(`result-${state}`).textContent()),
    ),
  );
  expect(numbers.reduce((a, b) => a + b, 0)).toBe(files.length);
  const written = await writtenFiles(page);
  for (const { path, bytes } of written) expect([path, found(bytes, cohortSecrets)]).toEqual([path, []]);
  const report = await writtenReport(page);
  expect(written.length).toBe(report.totals.statuses.exported + 1);
  const other = byCommandLine(report);
  expect(other.totals.statuses).toEqual(report.totals.statuses);
  expect(resultsOf(report)).toEqual(resultsOf(other));
});
