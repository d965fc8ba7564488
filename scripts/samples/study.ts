/** The files of the sample study. */
import { type Element, encapsulated, encodeFile, syntaxes } from '../../fixtures/planted/encode';
import { Canvas } from './canvas';
import { encodeJpeg } from './jpeg';
import { han, hospital, imogen, Labels, root, utf8, type Patient, type Sample } from './people';
import { abdomenEchoes, chestRadiograph, ctSlice, drawSector, ecg, heartEchoes } from './phantoms';
import { ecgSheet, fundusPhoto } from './photos';

export type { BurnedText, Sample } from './people';

interface ImageKind {
  readonly sopClass: string;
  readonly modality: string;
  readonly date: string;
  readonly time: string;
  readonly study: number;
  readonly series: number;
  readonly instance: number;
  readonly description: string;
  readonly seriesDescription: string;
  readonly device: readonly [manufacturer: string, model: string];
}

function header(p: Patient, k: ImageKind): Element[] {
  const e = (tag: number, vr: string, value: Element['value']): Element => ({ tag, vr, value });
  return [
    e(0x00080005, 'CS', 'ISO_IR 192'),
    e(0x00080008, 'CS', 'ORIGINAL\\PRIMARY'),
    e(0x00080016, 'UI', k.sopClass),
    e(0x00080018, 'UI', `${root}.${k.study}.${k.series}.${k.instance}`),
    e(0x00080020, 'DA', k.date),
    e(0x00080021, 'DA', k.date),
    e(0x00080022, 'DA', k.date),
    e(0x00080023, 'DA', k.date),
    e(0x00080030, 'TM', k.time),
    e(0x00080033, 'TM', k.time),
    e(0x00080050, 'SH', p.accession),
    e(0x00080060, 'CS', k.modality),
    e(0x00080070, 'LO', k.device[0]),
    e(0x00080080, 'LO', hospital),
    e(0x00080081, 'ST', '1 Harbour Rise, Northmere NM4 7QP'),
    e(0x00080090, 'PN', 'Castellane^Oriel^^Dr'),
    e(0x00081010, 'SH', `NORTHM${k.modality}1`),
    e(0x00081030, 'LO', k.description),
    e(0x0008103e, 'LO', k.seriesDescription),
    e(0x00081050, 'PN', 'Pemberwick^Alaric'),
    e(0x00081070, 'PN', 'Quillfeather^Tess'),
    e(0x00081090, 'LO', k.device[1]),
    e(0x00100010, 'PN', p.name),
    e(0x00100020, 'LO', p.id),
    e(0x00100030, 'DA', p.birth),
    e(0x00100040, 'CS', p.sex),
    e(0x00101040, 'LO', '14 Quillmere Crescent, Northmere'),
    e(0x00102154, 'SH', '+44 1632 960417'),
    e(0x00104000, 'LT', `Daughter of ${p.shown} called 01632 960417, wants a copy sent home.`),
    e(0x0020000d, 'UI', `${root}.${k.study}`),
    e(0x0020000e, 'UI', `${root}.${k.study}.${k.series}`),
    e(0x00200010, 'SH', `S${k.study}`),
    e(0x00200011, 'IS', String(k.series)),
    e(0x00200013, 'IS', String(k.instance)),
    e(0x00290010, 'LO', 'NORTHMERE PACS 1.0'),
    e(0x00291001, 'LO', `Worklist: ${p.shown} ${p.id}`),
    e(0x00400275, 'SQ', [
      [e(0x00400007, 'LO', `${k.description} for Dr Castellane`), e(0x00401001, 'SH', p.accession)],
    ]),
  ];
}

function pixelModule(
  rows: number,
  columns: number,
  bits: readonly [allocated: number, stored: number],
  signed: boolean,
  samples = 1,
): Element[] {
  const photometric = samples === 1 ? 'MONOCHROME2' : 'RGB';
  return [
    { tag: 0x00280002, vr: 'US', value: [samples] },
    { tag: 0x00280004, vr: 'CS', value: photometric },
    ...(samples === 1 ? [] : [{ tag: 0x00280006, vr: 'US', value: [0] }]),
    { tag: 0x00280010, vr: 'US', value: [rows] },
    { tag: 0x00280011, vr: 'US', value: [columns] },
    { tag: 0x00280100, vr: 'US', value: [bits[0]] },
    { tag: 0x00280101, vr: 'US', value: [bits[1]] },
    { tag: 0x00280102, vr: 'US', value: [bits[1] - 1] },
    { tag: 0x00280103, vr: 'US', value: [signed ? 1 : 0] },
  ];
}

const file = (
  elements: readonly Element[],
  options: { transferSyntax?: string; rawPixels?: Uint8Array } = {},
): Uint8Array =>
  encodeFile(elements, {
    transferSyntax: syntaxes.explicit,
    charset: 'ISO_IR 192',
    meta: [{ tag: 0x00020016, vr: 'AE', value: 'NORTHM_STORE' }],
    ...options,
  });

function ctSeries(): Sample[] {
  return Array.from({ length: 8 }, (_, i) => {
    const size = 384;
    const slice = ctSlice(size, 28 - i * 8, i + 1);
    const kind: ImageKind = {
      sopClass: '1.2.840.10008.5.1.4.1.1.2',
      modality: 'CT',
      date: '20230411',
      time: '091425',
      study: 1,
      series: 2,
      instance: i + 1,
      description: 'CT chest with contrast',
      seriesDescription: 'Axial 5 mm soft tissue',
      device: ['Lumen Imaging', 'Halcyon 64'],
    };
    const elements: Element[] = [
      ...header(imogen, kind),
      { tag: 0x00180015, vr: 'CS', value: 'CHEST' },
      { tag: 0x00180050, vr: 'DS', value: '5' },
      { tag: 0x00180060, vr: 'DS', value: '120' },
      { tag: 0x00181210, vr: 'SH', value: 'B31f' },
      { tag: 0x00185100, vr: 'CS', value: 'HFS' },
      { tag: 0x00200032, vr: 'DS', value: `-180\\-180\\${28 - i * 8}` },
      { tag: 0x00200037, vr: 'DS', value: '1\\0\\0\\0\\1\\0' },
      { tag: 0x00200052, vr: 'UI', value: `${root}.1.99` },
      { tag: 0x00201040, vr: 'LO', value: '' },
      { tag: 0x00201041, vr: 'DS', value: String(28 - i * 8) },
      ...pixelModule(size, size, [16, 16], true),
      { tag: 0x00280030, vr: 'DS', value: '0.9375\\0.9375' },
      { tag: 0x00281050, vr: 'DS', value: '40\\-600' },
      { tag: 0x00281051, vr: 'DS', value: '400\\1500' },
      { tag: 0x00281055, vr: 'LO', value: 'MEDIASTINUM\\LUNG' },
      { tag: 0x00281052, vr: 'DS', value: '0' },
      { tag: 0x00281053, vr: 'DS', value: '1' },
      { tag: 0x00281054, vr: 'LO', value: 'HU' },
      { tag: 0x7fe00010, vr: 'OW', value: slice.words(true) },
    ];
    return { path: `CT chest/IM${String(i + 1).padStart(4, '0')}.dcm`, bytes: file(elements), text: [] };
  });
}

function ultrasoundFrame(canvas: Canvas, p: Patient, labels: Labels, technique: readonly string[], date: string): void {
  const { width, height } = canvas;
  const gray = (v: number) => (canvas.channels === 1 ? v : ([v, v, v] as const));
  const size = Math.round(height / 46);
  canvas.rect(0, 0, width, Math.round(height / 13), gray(18));
  labels.add(canvas.text(p.shown, 14, height / 32, size * 1.15, gray(235), 'bold'), true);
  labels.add(canvas.text(`ID ${p.id}   DOB ${p.shownBirth}   ${p.sex}`, 14, height / 16, size, gray(215)), true);
  labels.add(canvas.text(hospital, width - 14, height / 32, size, gray(225), 'sans', 'right'), true);
  labels.add(canvas.text(date, width - 14, height / 16, size, gray(215), 'mono', 'right'), true);
  technique.forEach((line, i) => {
    const y = height * 0.13 + i * size * 1.45;
    labels.add(canvas.text(line, 14, y, size, gray(185), 'mono'), false);
  });
  // Grey scale bar and depth scale.
  for (let y = 0; y < height * 0.3; y++)
    canvas.rect(width - 30, Math.round(height * 0.15) + y, 12, 1, gray(255 - (255 * y) / (height * 0.3)));
  for (let cm = 0; cm <= 16; cm++) {
    const y = Math.round(height * (0.14 + 0.05 * cm));
    if (y > height * 0.97) break;
    canvas.rect(width - 60, y, cm % 5 === 0 ? 9 : 5, 1, gray(150));
    if (cm % 5 === 0 && cm > 0)
      labels.add(canvas.text(String(cm), width - 66, y + size * 0.35, size * 0.85, gray(150), 'sans', 'right'), false);
  }
}

function ultrasoundStill(): Sample {
  const canvas = new Canvas(1024, 768, 3);
  const labels = new Labels();
  const sector = { apexX: 500, apexY: -40, near: 130, far: 780, halfAngle: 0.62 };
  drawSector(canvas, sector, abdomenEchoes(), 3, [0.97, 0.98, 1]);
  ultrasoundFrame(
    canvas,
    imogen,
    labels,
    ['C5-2  Abd', 'FR 31 Hz', 'Z 1.2', '2D 58%', 'DR 65', 'MI 1.1', 'TIs 0.4'],
    '11/04/2023 10:22:07',
  );
  const cross = (x: number, y: number) => {
    labels.add({ text: '+', x: x - 9, y: y - 9, width: 18, height: 18 }, false);
    canvas.line(x - 7, y, x + 7, y, 1.6, [250, 220, 70]);
    canvas.line(x, y - 7, x, y + 7, 1.6, [250, 220, 70]);
  };
  cross(398, 355);
  cross(413, 506);
  for (let t = 0; t <= 1; t += 0.07)
    canvas.blend(Math.round(398 + 15 * t), Math.round(355 + 151 * t), [250, 220, 70], 0.9);
  labels.add(canvas.text('+ Dist 4.86 cm', 18, 738, 18, [250, 220, 70]), false);
  labels.add(canvas.text('RT KIDNEY / GB', 640, 720, 20, [240, 240, 240], 'bold'), false);
  const kind: ImageKind = {
    sopClass: '1.2.840.10008.5.1.4.1.1.6.1',
    modality: 'US',
    date: '20230411',
    time: '102207',
    study: 1,
    series: 3,
    instance: 1,
    description: 'US abdomen',
    seriesDescription: 'Right upper quadrant',
    device: ['Sonoria', 'Aria 9'],
  };
  const elements = [
    ...header(imogen, kind),
    { tag: 0x00280301, vr: 'CS', value: 'YES' },
    ...pixelModule(768, 1024, [8, 8], false, 3),
  ];
  const pixels = { tag: 0x7fe00010, vr: 'OB', value: canvas.bytes() };
  return { path: 'US abdomen/still.dcm', bytes: file([...elements, pixels]), text: labels.boxes };
}

function ultrasoundCine(): Sample {
  const width = 640;
  const height = 480;
  const frames = 14;
  const overlay = new Canvas(width, height, 1);
  const labels = new Labels();
  ultrasoundFrame(overlay, imogen, labels, ['S4-2 Card', 'FR 46 Hz', 'MI 1.3', 'TIs 0.6'], '11/04/2023 10:41:33');
  labels.add(overlay.text('A4C', 560, 440, 17, 235, 'bold'), false);
  labels.add(overlay.text('HR 70', 20, 424, 13, 205, 'mono'), false);
  const encoded = Array.from({ length: frames }, (_, f) => {
    const canvas = new Canvas(width, height, 1);
    const sector = { apexX: 320, apexY: 30, near: 18, far: 425, halfAngle: 0.66 };
    drawSector(canvas, sector, heartEchoes(f / frames), 11 + (f % 3), [1, 1, 1]);
    for (let i = 0; i < overlay.data.length; i++) if (overlay.data[i]! > 0) canvas.data[i] = overlay.data[i]!;
    for (let x = 20; x < 620; x++) {
      const t = (x / 200) * 0.86;
      canvas.line(x, 462 - 26 * ecg(t, 1), x + 1, 462 - 26 * ecg(t + 0.86 / 200, 1), 1.2, 175);
    }
    canvas.rect(20 + Math.round((600 * f) / frames), 430, 1, 44, 255);
    const comment: [number, Uint8Array] = [0xfe, utf8(`Northmere PACS ${imogen.shown} ${imogen.id}`)];
    return encodeJpeg(canvas.bytes(), width, height, 1, 88, f === 0 ? [comment] : []);
  });
  const kind: ImageKind = {
    sopClass: '1.2.840.10008.5.1.4.1.1.3.1',
    modality: 'US',
    date: '20230411',
    time: '104133',
    study: 1,
    series: 4,
    instance: 1,
    description: 'Echocardiogram',
    seriesDescription: 'Apical four chamber',
    device: ['Sonoria', 'Aria 9'],
  };
  const elements: Element[] = [
    ...header(imogen, kind),
    { tag: 0x00181063, vr: 'DS', value: '33.3' },
    ...pixelModule(height, width, [8, 8], false),
    { tag: 0x00280008, vr: 'IS', value: String(frames) },
    { tag: 0x00280009, vr: 'AT', value: [0x00181063] },
    { tag: 0x00280301, vr: 'CS', value: 'YES' },
    { tag: 0x00282110, vr: 'CS', value: '01' },
    { tag: 0x00282112, vr: 'DS', value: '9.6' },
    { tag: 0x00282114, vr: 'CS', value: 'ISO_10918_1' },
  ];
  const bytes = file(elements, { transferSyntax: syntaxes.jpeg, rawPixels: encapsulated(encoded) });
  return { path: 'US heart/cine.dcm', bytes, text: labels.boxes };
}

function radiograph(): Sample {
  const width = 896;
  const height = 1024;
  const canvas = chestRadiograph(width, height);
  const labels = new Labels();
  labels.add(canvas.text('R', 64, 170, 64, 4000, 'bold'), false);
  labels.add(canvas.text('PA ERECT', 62, 205, 22, 3700, 'bold'), false);
  labels.add(canvas.text(`${han.shown}  ${han.id}`, 250, 996, 26, 3900, 'condensed'), true);
  labels.add(canvas.text(`${han.shownBirth}  F  Northmere Gen. Hosp.`, 250, 1022 - 2, 20, 3900, 'condensed'), true);
  labels.add(canvas.text('TQ', 800, 160, 30, 3800, 'bold'), true);
  const kind: ImageKind = {
    sopClass: '1.2.840.10008.5.1.4.1.1.1.1',
    modality: 'DX',
    date: '20230418',
    time: '144502',
    study: 2,
    series: 1,
    instance: 1,
    description: 'Chest PA',
    seriesDescription: 'Chest PA erect',
    device: ['Lumen Imaging', 'Plana DR'],
  };
  const elements: Element[] = [
    ...header(han, kind),
    { tag: 0x00080068, vr: 'CS', value: 'FOR PRESENTATION' },
    { tag: 0x00180015, vr: 'CS', value: 'CHEST' },
    { tag: 0x00181164, vr: 'DS', value: '0.42\\0.42' },
    { tag: 0x00185101, vr: 'CS', value: 'PA' },
    { tag: 0x00200020, vr: 'CS', value: 'L\\F' },
    { tag: 0x00200062, vr: 'CS', value: 'U' },
    ...pixelModule(height, width, [16, 12], false),
    { tag: 0x00281040, vr: 'CS', value: 'LOG' },
    { tag: 0x00281041, vr: 'SS', value: [1] },
    { tag: 0x00281050, vr: 'DS', value: '1500' },
    { tag: 0x00281051, vr: 'DS', value: '2900' },
    { tag: 0x00281052, vr: 'DS', value: '0' },
    { tag: 0x00281053, vr: 'DS', value: '1' },
    { tag: 0x00281054, vr: 'LO', value: 'US' },
    { tag: 0x20500020, vr: 'CS', value: 'IDENTITY' },
    { tag: 0x7fe00010, vr: 'OW', value: canvas.words(false) },
  ];
  return { path: 'DX chest/IM0001.dcm', bytes: file(elements), text: labels.boxes };
}

/** All files of the study, in the order the page loads them. */
export function makeSamples(): readonly Sample[] {
  return [...ctSeries(), ultrasoundStill(), ultrasoundCine(), radiograph(), ecgSheet(), fundusPhoto()];
}
