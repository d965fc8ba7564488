/** Many files: `npm run cohort` does this with 20,000. And the same out of a ZIP, and the verifier over what came out. */
import { zipSync, type Zippable } from 'fflate';
import { mkdtempSync, rmSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { cohortFile, cohortSecrets } from '../fixtures/cohort';
import { layCohort, resultsOf, throughCli, throughPage } from '../scripts/cohort/run';
import { drop, found } from './support/files';
import { expect, test } from './support/lethe';

test('300 mixed files end with counts that add up and with the results of the command line', async ({
  page,
  context,
  open,
}) => {
  test.setTimeout(240_000);
  const folder = mkdtempSync(join(tmpdir(), 'lethe-batch-'));
  try {
    const cohort = layCohort(folder, 300);
    await open();
    const { report } = await throughPage(context, page, cohort);
    expect(report.totals.inputs).toBe(300);
    expect(report.totals.statuses).toEqual({ exported: 285, 'needs-review': 0, refused: 9, skipped: 6 });
    const cli = throughCli(cohort, join(folder, 'out'), report.profile);
    expect(resultsOf(report)).toEqual(resultsOf(cli.report));
    await page.getByTestId('export-close').click();
    await page.getByRole('tab', { name: 'Record' }).click();
    await page.getByTestId('open-verify').click();
    await page.getByTestId('verify-folder').click();
    await expect(page.getByTestId('verify-verdict')).toContainText('285 files are as recorded', { timeout: 60_000 });
    await page.evaluate(async () => {
      const out = await (await navigator.storage.getDirectory()).getDirectoryHandle('out');
      for await (const folderHandle of out.values()) {
        if (folderHandle.kind === 'directory') {
          await out.removeEntry(folderHandle.name, { recursive: true });
          break;
        }
      }
    });
    await page.getByTestId('verify-folder').click();
    await expect(page.getByTestId('verify-verdict')).toContainText('not as recorded', { timeout: 60_000 });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

test('a dropped ZIP is read where it lies, and what comes out of it holds no identity', async ({ page, open }) => {
  const entries = Array.from({ length: 100 }, (_, n) => cohortFile(n)).map(
    ({ path, bytes }, n) => [path, [bytes, { level: n % 2 === 0 ? 0 : 6 }]] as const,
  );
  const bytes = zipSync({
    ...Object.fromEntries(entries),
    '../escape.dcm': [new Uint8Array(5), { level: 0 }],
  } as Zippable);
  await open();
  await drop(page, [{ path: 'Quillfeather.zip', bytes }]);
  await expect(page.getByTestId('workspace')).toBeVisible();
  await page.getByTestId('open-export').click();
  const download = page.waitForEvent('download', { timeout: 110_000 });
  await page.getByTestId('export-start').click();
  const archive = await readFile(await (await download).path());
  await expect(page.getByTestId('result-exported')).toHaveText('95');
  expect(found(archive, cohortSecrets)).toEqual([]);
});
