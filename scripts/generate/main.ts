/**
 * Runs all generators: `npm run generate` writes src/core/generated, `npm run generate -- --check` says whether it has drifted.
 * The tables are looked for in ../shared/standard, or in the folder that LETHE_STANDARD names; without them there is nothing
 * to compare with, and the check passes with a word about it.
 *
 * A generator is a file of this folder that exports `generators`; nothing has to be registered.
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { Generator } from './generator';

const here = dirname(fileURLToPath(import.meta.url));
const root = resolve(here, '../..');
const standard = process.env['LETHE_STANDARD'] ?? resolve(root, '../shared/standard');
const check = process.argv.includes('--check');

async function allGenerators(): Promise<Generator[]> {
  const names = readdirSync(here).filter((n) => n.endsWith('.ts') && !n.endsWith('.test.ts') && n !== 'main.ts');
  const found: Generator[] = [];
  for (const name of names.sort()) {
    const module = (await import(pathToFileURL(join(here, name)).href)) as { generators?: readonly Generator[] };
    found.push(...(module.generators ?? []));
  }
  return found;
}

if (!existsSync(standard)) {
  console.log(
    `generate: the tables of the standard are not here (${standard}); nothing ${check ? 'checked' : 'written'}.`,
  );
  process.exit(check ? 0 : 1);
}

const table = (name: string): unknown => JSON.parse(readFileSync(join(standard, name), 'utf8'));
let drifted = 0;
for (const generator of await allGenerators()) {
  const path = join(root, generator.output);
  const text = generator.make(table);
  const before = existsSync(path) ? readFileSync(path, 'utf8') : '';
  if (before === text) {
    console.log(`generate: ${generator.output} is up to date`);
  } else if (check) {
    drifted++;
    console.error(`generate: ${generator.output} has drifted from the tables; run "npm run generate"`);
  } else {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
    console.log(`generate: wrote ${generator.output} (${text.length} characters)`);
  }
}
process.exit(drifted > 0 ? 1 : 0);
