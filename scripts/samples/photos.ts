/** The plain images of the sample study: an ECG as PNG, a fundus photograph as JPEG. */
import { zlibSync } from 'fflate';
import { concat } from '../../fixtures/planted/encode';
import { Canvas } from './canvas';
import { encodeJpeg } from './jpeg';
import { han, hospital, imogen, Labels, utf8, type Sample } from './people';
import { ecg, fundus } from './phantoms';

function crc(bytes: Uint8Array): number {
  let c = 0xffffffff;
  for (const b of bytes) {
    c ^= b;
    for (let k = 0; k < 8; k++) c = c & 1 ? (c >>> 1) ^ 0xedb88320 : c >>> 1;
  }
  return (c ^ 0xffffffff) >>> 0;
}

function chunk(type: string, data: Uint8Array): Uint8Array {
  const body = concat(utf8(type), data);
  const ends = new DataView(new ArrayBuffer(8));
  ends.setUint32(0, data.length);
  ends.setUint32(4, crc(body));
  return concat(new Uint8Array(ends.buffer, 0, 4), body, new Uint8Array(ends.buffer, 4, 4));
}

export function ecgSheet(): Sample {
  const width = 1100;
  const height = 620;
  const canvas = new Canvas(width, height, 3);
  const labels = new Labels();
  canvas.rect(0, 0, width, height, [255, 250, 248]);
  for (let x = 0; x < width; x += 8)
    canvas.rect(x, 90, 1, height - 130, x % 40 === 0 ? [238, 168, 164] : [249, 222, 219]);
  for (let y = 90; y < height - 40; y += 8)
    canvas.rect(0, y, width, 1, (y - 90) % 40 === 0 ? [238, 168, 164] : [249, 222, 219]);
  const ink = [22, 24, 40] as const;
  labels.add(canvas.text('Fairweather, Imogen Rose', 24, 34, 22, ink, 'bold'), true);
  labels.add(canvas.text(`ID: ${imogen.id}    Born: 12 Mar 1961    Female`, 24, 62, 16, ink), true);
  labels.add(canvas.text(hospital, width - 24, 32, 16, ink, 'sans', 'right'), true);
  labels.add(canvas.text('11-Apr-2023 08:57   Tech: T. Quillfeather', width - 24, 60, 15, ink, 'sans', 'right'), true);
  labels.add(canvas.text('HR 70 bpm   PR 158 ms   QRS 92 ms   QT/QTc 388/418 ms', 24, 84, 14, ink, 'mono'), false);
  const leads = [['I', 0.7], ['II', 1.1], ['III', 0.5], ['aVR', -0.8], ['aVL', 0.35], ['aVF', 0.8], ['V1', -0.6], ['V2', 0.9], ['V3', 1.2], ['V4', 1.5], ['V5', 1.3], ['V6', 1]] as const; // prettier-ignore
  leads.forEach(([name, amplitude], i) => {
    const x0 = 20 + Math.floor(i / 3) * 268;
    const y0 = 180 + (i % 3) * 120;
    for (let x = 0; x < 262; x++) {
      const t = (x0 + x) / 200;
      canvas.line(x0 + x, y0 - 55 * ecg(t, amplitude), x0 + x + 1, y0 - 55 * ecg(t + 1 / 200, amplitude), 1.5, ink);
    }
    labels.add(canvas.text(name, x0 + 4, y0 - 62, 15, ink, 'bold'), false);
  });
  for (let x = 20; x < width - 24; x++)
    canvas.line(x, 545 - 45 * ecg(x / 200, 1.1), x + 1, 545 - 45 * ecg((x + 1) / 200, 1.1), 1.5, ink);
  labels.add(canvas.text('II', 24, 500, 15, ink, 'bold'), false);
  labels.add(canvas.text('25 mm/s   10 mm/mV   0.15-40 Hz', 24, height - 12, 14, ink), false);
  const pixels = canvas.bytes();
  const raw = new Uint8Array(height * (width * 3 + 1));
  for (let y = 0; y < height; y++)
    raw.set(pixels.subarray(y * width * 3, (y + 1) * width * 3), y * (width * 3 + 1) + 1);
  const ihdr = new DataView(new ArrayBuffer(13));
  ihdr.setUint32(0, width);
  ihdr.setUint32(4, height);
  ihdr.setUint8(8, 8);
  ihdr.setUint8(9, 2);
  const bytes = concat(
    Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a),
    chunk('IHDR', new Uint8Array(ihdr.buffer)),
    chunk('pHYs', Uint8Array.of(0, 0, 11, 19, 0, 0, 11, 19, 1)),
    chunk('tEXt', utf8(`Title\0ECG of ${imogen.shown} ${imogen.id}`)),
    chunk('tEXt', utf8('Author\0Tess Quillfeather, Northmere')),
    chunk('IDAT', zlibSync(raw, { level: 6 })),
    chunk('tIME', Uint8Array.of(7, 231, 4, 11, 8, 57, 12)),
    chunk('IEND', new Uint8Array(0)),
  );
  return { path: 'ECG/Fairweather Imogen ECG.png', bytes, text: labels.boxes };
}

export function fundusPhoto(): Sample {
  const size = 880;
  const canvas = fundus(size);
  const labels = new Labels();
  labels.add(canvas.text('OD', 24, 52, 34, [235, 235, 235], 'bold'), false);
  labels.add(canvas.text('45°', size - 24, 48, 24, [235, 235, 235], 'sans', 'right'), false);
  labels.add(canvas.text(han.shown, 20, size - 42, 21, [240, 240, 240]), true);
  labels.add(canvas.text(han.id, 20, size - 16, 19, [240, 240, 240]), true);
  labels.add(canvas.text('18.04.2023 15:12', size - 18, size - 16, 19, [240, 240, 240], 'mono', 'right'), true);
  const exif = (tag: number, text: string, at: number): { entry: number[]; data: Uint8Array } => {
    const data = utf8(`${text}\0`);
    const n = data.length;
    return { entry: [tag >> 8, tag & 255, 0, 2, 0, 0, n >> 8, n & 255, 0, 0, at >> 8, at & 255], data };
  };
  const artist = exif(0x013b, 'Tess Quillfeather', 8 + 2 + 24 + 4);
  const description = exif(0x010e, `${han.shown} ${han.id}`, 8 + 2 + 24 + 4 + artist.data.length);
  const tiff = concat(
    utf8('Exif\0\0MM\0*\0\0\0\x08'),
    Uint8Array.from([0, 2, ...description.entry, ...artist.entry, 0, 0, 0, 0]),
    artist.data,
    description.data,
  );
  const jfif = concat(utf8('JFIF\0'), Uint8Array.of(1, 2, 1, 0, 96, 0, 96, 0, 0));
  const bytes = encodeJpeg(canvas.bytes(), size, size, 3, 90, [[0xe0, jfif], [0xe1, tiff], [0xfe, utf8('Northmere Eye Clinic')]]); // prettier-ignore
  return { path: 'Fundus/Han Xueqin OD.jpg', bytes, text: labels.boxes };
}
