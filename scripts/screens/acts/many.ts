/** Ten thousand images at once. */
import { small } from '../../bench/corpus';
import { holdCopies, letGo } from '../../bench/page-probes';
import { settled, type Stage } from '../stage';

const count = 10_000;

export async function many(stage: Stage): Promise<void> {
  const page = await stage.open();
  await page.evaluate(holdCopies, { count, base64: Buffer.from(small('7777777')).toString('base64') });
  await page.evaluate(letGo);
  await page.getByTestId('workspace').waitFor();
  await page.getByTestId('progress').waitFor();
  await stage.shoot(page, 'many-reading');
  await settled(page);
  await stage.shoot(page, 'many-closed');
  await page.getByRole('treeitem').last().click();
  await page.keyboard.press('ArrowRight');
  await page.getByTestId('studies-tree').evaluate((tree) => (tree.scrollTop = tree.scrollHeight / 2));
  await stage.shoot(page, 'many-open');
  await page.getByTestId('open-export').click();
  await stage.shoot(page, 'many-export');
}
