import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { buildDicom } from '../../fixtures/build';
import { pseudonym } from '../core/deid/identifiers';
import { readyProfiles } from '../core/deid/profiles';
import { parseCommand, UsageError } from './arguments';
import { cohort } from './cohort';
import { mask } from './mask';
import type { CohortCommand, MaskCommand, PublishCommand } from './privacy-arguments';
import { publish } from './publish';

const folder = mkdtempSync(join(tmpdir(), 'lethe-privacy-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const signal = new AbortController().signal;
const key = 'ab'.repeat(32);

const images = join(folder, 'images');
mkdirSync(images);
for (let i = 0; i < 8; i++) {
  const elements = [
    { tag: '00100010', vr: 'PN', value: `Ekelund${'ABCDEFGH'.charAt(i)}^Nora` },
    { tag: '00100020', vr: 'LO', value: `KX7710${i}` },
    { tag: '00100040', vr: 'CS', value: i % 2 === 0 ? 'F' : 'M' },
    { tag: '00101010', vr: 'AS', value: `0${40 + i}Y` },
    { tag: '00080018', vr: 'UI', value: `1.2.3.4.${i}` },
  ];
  writeFileSync(join(images, `${i}.dcm`), buildDicom({ name: 'test', extends: 'ct', elements }));
}

const printed: string[] = [];
const print = (text: string): Promise<void> => {
  printed.push(text);
  return Promise.resolve();
};
const cohortWords = (...all: string[]): CohortCommand => parseCommand(all) as CohortCommand;
const publishWords = (...all: string[]): PublishCommand => parseCommand(all) as PublishCommand;
const maskWords = (...all: string[]): MaskCommand => parseCommand(all) as MaskCommand;

describe('lethe cohort', () => {
  it('finds the policy, says so and saves the profile', async () => {
    const save = join(folder, 'profile.json');
    const command = cohortWords('cohort', images, '--by', 'age,sex', '--k', '4', '--save', save, '--json');
    expect(await cohort(command, print, signal)).toBe(0);
    const study = JSON.parse(printed[0] ?? '') as { before: { k: number; persons: number }; best: { steps: object } };
    expect(study.before).toMatchObject({ k: 1, persons: 8 });
    const profile = JSON.parse(readFileSync(save, 'utf8')) as { cohort: { k: number; attributes: object } };
    // Sex tells one bit, a band of ten years three: the band costs more, and is wanted all the same.
    expect(profile.cohort).toMatchObject({ k: 4, attributes: study.best.steps });
    await expect(cohort(command, print, signal)).rejects.toThrow(UsageError);
  });

  it('ends with 2 when nothing reaches what was asked', async () => {
    expect(await cohort(cohortWords('cohort', images, '--k', '9'), print, signal)).toBe(2);
  });
});

describe('lethe publish', () => {
  it('spends from a ledger, and publishes nothing that it does not cover', async () => {
    const ask = join(folder, 'ask.json');
    const ledger = join(folder, 'ledger.json');
    writeFileSync(ask, JSON.stringify([{ query: { kind: 'count' }, mechanism: { kind: 'laplace', epsilon: 0.6 } }]));
    const first = publishWords('publish', images, '--ask', ask, '--ledger', ledger, '--budget', '1');
    printed.length = 0;
    expect(await publish(first, print, signal)).toBe(0);
    const { answers } = JSON.parse(printed[0] ?? '') as { answers: { value: number }[] };
    expect(Math.abs((answers[0]?.value ?? 0) - 8)).toBeLessThan(60);
    const kept = readFileSync(ledger, 'utf8');
    const again = publishWords('publish', images, '--ask', ask, '--ledger', ledger);
    expect(await publish(again, print, signal)).toBe(2);
    expect(readFileSync(ledger, 'utf8')).toBe(kept);
    await expect(publish(first, print, signal)).rejects.toThrow(/budget already/);
    writeFileSync(ledger, kept.replace('0.6', '-0.6'));
    await expect(publish(again, print, signal)).rejects.toThrow(UsageError);
  });

  it('refuses questions that it does not understand', async () => {
    const ask = join(folder, 'bad.json');
    const command = publishWords('publish', images, '--ask', ask, '--ledger', join(folder, 'l2'), '--budget', '1');
    for (const text of ['{', '[]', '[{"query":{"kind":"sum"}}]', '[{"query":{"kind":"mean","of":"age","bounds":{"low":9,"high":1}},"mechanism":{"kind":"laplace","epsilon":1}}]']) {
      writeFileSync(ask, text);
      await expect(publish(command, print, signal), text).rejects.toThrow(UsageError);
    }
  }); // prettier-ignore
});

describe('lethe mask', () => {
  it('gives texts the pseudonyms of the images, under names that say nothing', async () => {
    const out = join(folder, 'texts');
    const report = join(folder, 'EkelundA report.txt');
    const bad = join(folder, 'latin.txt');
    writeFileSync(report, 'EkelundA, Nora (KX77100) is well.');
    writeFileSync(bad, Uint8Array.from([0x4d, 0xfc]));
    const notes: string[] = [];
    const command = maskWords('mask', report, bad, '--out', out, '--images', images, '--key', key);
    expect(await mask(command, (text) => void notes.push(text), signal)).toBe(2);
    const [name = ''] = readdirSync(out);
    expect(readdirSync(out)).toHaveLength(1);
    expect(name).toMatch(/^text-\w+\.txt$/);
    const alias = pseudonym(Uint8Array.from(Buffer.from(key, 'hex')), 'id::kx77100', readyProfiles.research);
    expect(readFileSync(join(out, name), 'utf8')).toBe(`${alias} (${alias}) is well.`);
    expect(notes.join('\n')).not.toContain('Ekelund');
    expect(notes.join('\n')).toContain('UTF-8');
  });
});

describe('wrong usage', () => {
  it.each([
    ['cohort'],
    ['cohort', 'in', '--k', '0'],
    ['cohort', 'in', '--by', 'shoe'],
    ['cohort', 'in', '--sensitive', 'diagnosis'],
    ['cohort', 'in', '--leave-out', '2'],
    ['cohort', 'in', '--out', 'x'],
    ['publish', 'in'],
    ['publish', 'in', '--ask', 'a'],
    ['publish', 'in', '--ask', 'a', '--ledger', 'l', '--delta', '1'],
    ['publish', 'in', '--ask', 'a', '--ledger', 'l', '--budget', '0'],
    ['mask', 'in'],
    ['mask', '--out', 'x'],
  ])('%j', (...all) => {
    expect(() => parseCommand(all)).toThrow(UsageError);
  });
});
