import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { generators as dictionary } from './dictionary';
import { generators as uids } from './uids';

const standard = resolve(process.cwd(), '../shared/standard');

describe.skipIf(!existsSync(standard))('generated tables', () => {
  for (const generator of [...dictionary, ...uids]) {
    it(`${generator.output} is what the standard's tables give`, () => {
      const text = generator.make((name) => JSON.parse(readFileSync(join(standard, name), 'utf8')) as unknown);
      expect(readFileSync(resolve(process.cwd(), generator.output), 'utf8') === text).toBe(true);
    });
  }
});
