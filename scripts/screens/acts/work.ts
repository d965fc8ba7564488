/** The workspace with the sample study. */
import { closeWindow, quiet, settled, windowEnd, type Stage } from '../stage';

export async function work(stage: Stage): Promise<void> {
  const page = await stage.open();
  await page.getByTestId('try-sample').click();
  await page.getByTestId('workspace').waitFor();
  await page.getByTestId('progress').waitFor();
  await stage.shoot(page, 'work-checking');
  await settled(page);
  await page
    .getByRole('treeitem', { name: /Right upper quadrant/ })
    .first()
    .click();
  await page.getByTestId('tag-diff').waitFor();
  await stage.shoot(page, 'work-tags');
  await page.locator('[data-tag="00100010"]').click();
  await page.getByTestId('tag-override').selectOption('K');
  await page.getByTestId('override-warning').waitFor();
  await stage.shoot(page, 'work-tags-override');
  await page.getByTestId('undo').click();
  await page.locator('#tags-search').fill('qqqq');
  await stage.shoot(page, 'work-tags-nothing');
  await page.locator('#tags-search').fill('');

  await page.getByRole('tab', { name: 'Regions' }).click();
  const boxes = page.getByTestId('region-list').getByRole('listitem');
  await boxes.first().click();
  await stage.shoot(page, 'work-regions');
  await stage.zoomed(page, 'work-zoomed-viewer');
  await page.getByTestId('stage').focus();
  await page.keyboard.press('Shift+C');
  await stage.shoot(page, 'work-swipe');
  await page.keyboard.press('c');
  await stage.shoot(page, 'work-after');
  await page.keyboard.press('c');
  await page.getByTestId('save-template').click();
  await page.getByTestId('open-templates').click();
  await stage.shoot(page, 'work-templates');
  await closeWindow(page);
  await boxes
    .last()
    .getByRole('button', { name: /^Delete/ })
    .click();
  await page.getByTestId('open-learning').click();
  await stage.shoot(page, 'work-learning');
  await closeWindow(page);
  await page.getByTestId('undo').click();
  await page.getByTestId('open-export').click();
  await stage.shoot(page, 'work-export');
  await closeWindow(page);

  await page.getByRole('treeitem', { name: /Axial/ }).first().click();
  await stage.shoot(page, 'work-no-regions');
  await page.getByRole('tab', { name: 'Profile' }).click();
  await stage.shoot(page, 'work-profile');
  await page.getByTestId('profile-research').click();
  await page.getByTestId('profile-effect').getByRole('listitem').first().waitFor();
  await stage.shoot(page, 'work-profile-research');
  for (const [n, part] of ['one', 'two', 'three', 'four'].entries()) {
    await page.getByTestId('profile-panel').evaluate(
      (panel, share) => {
        let scroller: HTMLElement | null = panel as HTMLElement;
        while (scroller !== null && scroller.scrollHeight <= scroller.clientHeight + 2)
          scroller = scroller.parentElement;
        if (scroller !== null) scroller.scrollTop = (scroller.scrollHeight - scroller.clientHeight) * share;
      },
      (n + 1) / 4,
    );
    await stage.shoot(page, `work-profile-part-${part}`);
  }
  await page.getByRole('tab', { name: 'Record' }).click();
  await stage.shoot(page, 'work-record-before');
  await stage.zoomed(page, 'work-zoomed-record');

  await quiet(page);
  await page.getByTestId('open-cohort').click();
  await stage.shoot(page, 'work-cohort');
  await page.getByTestId('cohort-run').click();
  await page.getByTestId('cohort-report').waitFor();
  await stage.shoot(page, 'work-cohort-report');
  await stage.shoot(page, 'work-cohort-report-end', windowEnd(page));
  await page.locator('#cohort-tab-statistics').click();
  await stage.shoot(page, 'work-statistics');
  await page.getByTestId('stat-kind').selectOption('histogram');
  await page.getByTestId('stat-publish').click();
  await page.getByTestId('stat-results').waitFor();
  await stage.shoot(page, 'work-statistics-results');
  await stage.shoot(page, 'work-statistics-end', windowEnd(page));
  await closeWindow(page);
  await page.getByTestId('open-mask').click();
  await page
    .getByTestId('mask-source')
    .fill('Fairweather, Imogen (NM-204417), seen on 2024-05-17 with Alice Smith. Liver 12 mm, no stones.');
  await page.getByTestId('mask-run').click();
  await page.getByTestId('mask-result').waitFor();
  await stage.shoot(page, 'work-mask');
  await closeWindow(page);
  await page.getByRole('searchbox', { name: 'Search studies' }).fill('qqqq');
  await stage.shoot(page, 'work-search-nothing');
  await page.getByRole('searchbox', { name: 'Search studies' }).fill('');
  // Unclear text waits for a person where the profile does not take it.
  await page.getByRole('tab', { name: 'Profile' }).click();
  await page.getByRole('radio', { name: 'Identifying', exact: true }).evaluate((e: HTMLElement) => e.click());
  await page.getByRole('tab', { name: 'Regions' }).click();
  await page.getByTestId('review-next').click();
  await page.getByTestId('review-accept').waitFor();
  await stage.shoot(page, 'work-review');
  await page.getByTestId('close-session').click();
  await stage.shoot(page, 'work-close');
}
