/** Names that are too long for every place where a name stands. */
import { buildDicom } from '../../../fixtures/build';
import { drop } from '../../../e2e/support/files';
import { closeWindow, settled, type Stage } from '../stage';

const german = 'Rindfleischetikettierungsueberwachungsaufgabenuebertragungsgesetz';
const chinese = '欧阳司马诸葛上官夏侯皇甫尉迟公孙慕容宇文长孙司徒鲜于闾丘钟离独孤南宫西门东方百里呼延'.slice(0, 42);
const utf8 = { tag: '00080005', vr: 'CS', value: 'ISO_IR 192' } as const;

function named(patient: string, words: string, n: number): Uint8Array {
  return buildDicom({
    name: 'named',
    extends: 'ct',
    elements: [
      utf8,
      { tag: '00100010', vr: 'PN', value: { utf8: patient } },
      { tag: '00100020', vr: 'LO', value: { utf8: `ID-${words}`.slice(0, 60) } },
      { tag: '00081030', vr: 'LO', value: { utf8: words } },
      { tag: '0008103E', vr: 'LO', value: { utf8: words } },
      { tag: '0020000D', vr: 'UI', value: `1.2.3.4.5.${n}` },
      { tag: '0020000E', vr: 'UI', value: `1.2.3.4.5.${n}.1` },
      { tag: '00080018', vr: 'UI', value: `1.2.3.4.5.${n}.1.1` },
    ],
  });
}

export async function names(stage: Stage): Promise<void> {
  const page = await stage.open();
  const long = `${german}-${german}`;
  await drop(page, [
    { path: `${long}.dcm`, bytes: named(`${german}^Donaudampfschifffahrtsgesellschaftskapitaen`, german, 1) },
    { path: `${chinese}${chinese}.dcm`, bytes: named(`${chinese}^${chinese}`, chinese, 2) },
    {
      path: `${chinese} notes.dcm`,
      bytes: new TextEncoder().encode('Dear colleague, thank you for sending this patient.'),
    },
    { path: `${long} notes.pdf`, bytes: new TextEncoder().encode('%PDF-1.7 not an image') },
  ]);
  await settled(page);
  await stage.shoot(page, 'names-tree');
  await page
    .getByRole('treeitem', { name: new RegExp(chinese.slice(0, 6)) })
    .last()
    .click();
  await stage.shoot(page, 'names-chinese');
  await page.getByTestId('open-problems').click();
  await stage.shoot(page, 'names-messages');
  await page.getByTestId('open-problems').click();
  await page.getByRole('tab', { name: 'Record' }).click();
  await page.getByTestId('open-mask').click();
  await stage.shoot(page, 'names-mask');
  await closeWindow(page);
  await stage.zoomed(page, 'names-zoomed');
}
