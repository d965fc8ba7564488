/** Three hundred files of every kind: paused and gone on with, every input accounted for, results as the command line makes them. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { cohortFile, cohortSecrets } from '../fixtures/cohort';
import type { AuditReport } from '../src/core/audit/record';
import { layFiles, offerPrivateFolders, resultsSoFar } from './support/browser';
import { found, writtenFiles } from './support/files';
import { expect, root, test } from './support/lethe';

const key = '00112233445566778899aabbccddeeff'.repeat(2);
const count = 300;

const resultsOf = (report: AuditReport): string[] =>
  report.instances.flatMap((i) => (i.output === null ? [] : [`${i.output} ${i.sha256Out ?? ''}`])).sort();

function byCommandLine(report: AuditReport): AuditReport {
  const folder = mkdtempSync(join(tmpdir(), 'lethe-mixed-'));
  try {
    for (let n = 0; n < count; n++) {
      const { path, bytes } = cohortFile(n);
      mkdirSync(dirname(join(folder, 'in', path)), { recursive: true });
      writeFileSync(join(folder, 'in', path), bytes);
    }
    // The name of the profile is written into results: it must be the page's own.
    writeFileSync(join(folder, 'profile.json'), JSON.stringify(report.profile));
    const words = ['--import', 'tsx', join('src', 'cli', 'main.ts'), 'anonymize', join(folder, 'in')];
    const more = ['--out', join(folder, 'out'), '--key', key, '--profile', join(folder, 'profile.json')];
    const done = spawnSync(process.execPath, [...words, ...more, '--quiet', '--report', join(folder, 'record.json')], {
      cwd: root,
      encoding: 'utf8',
    });
    if (done.status === 1) throw new Error(done.stderr);
    return JSON.parse(readFileSync(join(folder, 'record.json'), 'utf8')) as AuditReport;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

test('mixed files: paused, gone on with, all accounted for, as the command line', async ({ page, open }) => {
  test.slow();
  await offerPrivateFolders(page);
  await open();
  await layFiles(
    page,
    Array.from({ length: count }, (_, n) => cohortFile(n)),
  );
  await page.getByTestId('pick-folder').click();
  const workspace = page.getByTestId('workspace');
  await workspace.evaluate((element) => element.setAttribute('data-first', ''));
  await page.getByRole('tab', { name: 'Profile' }).click();
  await page
    .getByRole('radiogroup', { name: 'Which images are looked at' })
    .getByRole('radio', { name: 'None' })
    .click();
  await page.getByLabel('Use a saved key').fill(key);
  await page.getByRole('button', { name: 'Use', exact: true }).click();
  // The workspace that came first is there to stay: no other takes its place, and what is typed into it.
  await expect(
    page.getByTestId('instance-row').or(page.getByRole('row')).or(page.getByRole('treeitem')).first(),
  ).toBeVisible();
  await expect(workspace).toHaveAttribute('data-first');
  await page.getByTestId('open-export').click();
  await page.getByText('An empty folder that you choose.').click();
  await page.getByTestId('export-start').click();
  await page.getByRole('button', { name: 'Go on in the background' }).click();
  await expect.poll(() => resultsSoFar(page), { intervals: [10] }).toBeGreaterThan(3);
  const toggle = async (): Promise<void> => {
    await page.getByTestId('open-palette').click();
    await page.getByTestId('palette').getByRole('combobox').fill('Pause or go on with the export');
    await page.keyboard.press('Enter');
  };
  await toggle();
  // What was in work ends; then nothing more comes.
  await page.waitForTimeout(1500);
  const then = await resultsSoFar(page);
  expect(then).toBeLessThan(count * 0.9);
  await page.waitForTimeout(1500);
  expect(await resultsSoFar(page)).toBe(then);
  await toggle();
  await page.getByTestId('open-export').click();
  await expect(page.getByTestId('export-result')).toBeVisible({ timeout: 110_000 });
  const numbers = await Promise.all(
    ['exported', 'review', 'refused', 'skipped'].map(async (state) =>
      Number(await page.getByTestId(`result-${state}`).textContent()),
    ),
  );
  expect(numbers.reduce((a, b) => a + b, 0)).toBe(count);
  const written = await writtenFiles(page);
  for (const { path, bytes } of written) expect([path, found(bytes, cohortSecrets)]).toEqual([path, []]);
  const record = written.find(({ path }) => path === 'lethe-report.json');
  const report = JSON.parse(new TextDecoder().decode(record?.bytes)) as AuditReport;
  expect(written.length).toBe(report.totals.statuses.exported + 1);
  const other = byCommandLine(report);
  expect(other.totals.statuses).toEqual(report.totals.statuses);
  expect(resultsOf(report)).toEqual(resultsOf(other));
});
