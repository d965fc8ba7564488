/** The page before anything is open, and what can be opened from there. */
import { broken, drop } from '../../../e2e/support/files';
import { closeWindow, command, type Stage } from '../stage';
import type { Server } from '.';

export async function start(stage: Stage, server: Server): Promise<void> {
  const page = await stage.open();
  await stage.shoot(page, 'start-empty');
  await stage.zoomed(page, 'start-empty-zoomed');
  await page.evaluate(() => {
    const transfer = new DataTransfer();
    transfer.items.add(new File(['x'], 'x.dcm'));
    document.body.dispatchEvent(new DragEvent('dragenter', { dataTransfer: transfer, bubbles: true }));
  });
  await stage.shoot(page, 'start-drag');
  await page.reload();
  for (const [words, name] of [
    ['keyboard', 'help'],
    ['nothing can leave', 'proof'],
    ['check a record', 'verify'],
    ['lookup', 'lookup'],
    ['signing', 'signing'],
    ['mask', 'mask'],
    ['identity back', 'reidentify'],
    ['encrypted zip', 'bundle'],
    ['device templates', 'templates'],
    ['learn', 'learning'],
  ] as const) {
    await command(page, words);
    await page.locator('dialog[open]:not([data-testid=palette])').waitFor();
    await stage.shoot(page, `start-${name}`);
    await closeWindow(page);
  }
  await page.getByTestId('open-palette').click();
  await stage.shoot(page, 'start-palette');
  await page.getByTestId('palette').getByRole('combobox').fill('qqqq');
  await stage.shoot(page, 'start-palette-nothing');
  await page.keyboard.press('Escape');

  // Nothing that was dropped is an image that can be read.
  await drop(page, broken());
  await page.getByTestId('open-problems').waitFor();
  await stage.shoot(page, 'start-all-refused');
  await page.getByTestId('open-problems').click();
  await stage.shoot(page, 'start-all-refused-messages');

  const kept = await stage.open({ serviceWorkers: 'allow' });
  await kept.evaluate(() => navigator.serviceWorker.ready.then(() => undefined));
  await kept.waitForFunction(() => navigator.serviceWorker.controller !== null);
  await kept.getByTestId('proof-badge').click();
  await stage.shoot(kept, 'start-proof-kept');
  server.renew();
  await kept.getByTestId('look-for-update').click();
  await kept.getByTestId('take-update').waitFor();
  await stage.shoot(kept, 'start-update-window');
  await closeWindow(kept);
  await stage.shoot(kept, 'start-update');
}
