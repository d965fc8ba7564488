/** A batch as its journeys begin it. Nothing here waits by the runner's means: scripts use it too. */
import type { Page } from '@playwright/test';
import { cohortFile, type CohortFile } from '../../fixtures/cohort';

export const batchKey = '00112233445566778899aabbccddeeff'.repeat(2);

/** So many files of a cohort, some of every kind. */
export function mixedFiles(count: number): CohortFile[] {
  // Of the hundred of each patient seventy-two are CT.
  const rest = 28;
  const patients = Math.ceil(count / 100);
  const ct = Math.max(1, Math.ceil(count / patients) - rest);
  const numbers = Array.from({ length: patients * 100 }, (_, n) => n).filter((n) => n % 100 < ct || n % 100 >= 72);
  return numbers.slice(0, count).map(cohortFile);
}

/** The key is set, and the search for text is off: it has tests and benchmarks of its own. */
export async function chooseForBatch(page: Page): Promise<void> {
  await page.getByTestId('workspace').waitFor({ timeout: 600_000 });
  await page.getByRole('tab', { name: 'Profile' }).click();
  await page
    .getByRole('radiogroup', { name: 'Which images are looked at' })
    .getByRole('radio', { name: 'None' })
    .click();
  await page.getByLabel('Use a saved key').fill(batchKey);
  await page.getByRole('button', { name: 'Use', exact: true }).click();
}

/** The export window, ready to write into a folder. */
export async function chooseFolderExport(page: Page): Promise<void> {
  await page.getByTestId('open-export').click();
  await page.getByText('An empty folder that you choose.').click();
}

/** Opens the folder that the page is offered and starts to export it into the other. */
export async function beginBatch(page: Page): Promise<void> {
  await page.getByTestId('pick-folder').click();
  await chooseForBatch(page);
  await chooseFolderExport(page);
  await page.getByTestId('export-start').click();
}
