/** Device templates on the command line: as the page exports them, for the search of both commands. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { defaultFacts, imageFile } from '../../fixtures/pixel-files';
import { makeCase, strata, type BenchmarkCase } from '../../scripts/model/synthetic';
import type { AuditReport } from '../core/audit/record';
import { writeTemplates, type DeviceTemplate } from '../core/detect/device-templates';
import { anonymize } from './anonymize';
import { parseCommand } from './arguments';
import { detect, type DetectedFrame } from './detect';
import { readTemplateFile } from './templates';
import { UsageError } from './usage';

vi.setConfig({ testTimeout: 60_000 });
const folder = mkdtempSync(join(tmpdir(), 'lethe-templates-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const at = (name: string): string => join(folder, name);
const device = { manufacturer: 'Sonoria', model: 'Aria 9' };
const terminal = { note: () => undefined, progress: () => undefined };
const { signal } = new AbortController();
let drawn: BenchmarkCase;

/** Grey text so faint that it is mostly missed, on an ultrasound; and templates: of its device, and of another. */
beforeAll(() => {
  const faint = strata.find(({ name }) => name === '±15 on tissue');
  if (!faint) throw new Error('no such stratum');
  drawn = makeCase(faint, 13_000);
  const { image, strings } = drawn;
  const { width: columns, height: rows } = image;
  const file = imageFile({ ...defaultFacts, columns, rows }, image.data as Uint8Array, {
    sopClass: '1.2.840.10008.5.1.4.1.1.6.1',
    extra: [
      [0x00080060, 'CS', 'US'],
      [0x00080070, 'LO', device.manufacturer],
      [0x00081090, 'LO', device.model],
    ],
  });
  writeFileSync(at('a.dcm'), file);
  const regions = strings.map(({ x, y, ink }) => ({
    ...{ x: Math.max(0, x - 4), y: Math.max(0, y - 4) },
    ...{ width: ink.width + 8, height: ink.height + 8, action: 'redact' as const },
  }));
  const template: DeviceTemplate = { ...device, columns, rows, regions };
  writeFileSync(at('own.json'), writeTemplates([{ ...template, columns: 7 }, template]));
  writeFileSync(at('other.json'), writeTemplates([{ ...template, model: 'Aria 8' }]));
});

async function found(...words: string[]): Promise<DetectedFrame['regions']> {
  const command = parseCommand(['detect', at('a.dcm'), '--json', '--jobs', '1', ...words]);
  if (command.command !== 'detect') throw new Error('another command');
  let json = '';
  expect(await detect(command, (text) => (json = text), terminal, signal)).toBe(0);
  return (JSON.parse(json) as DetectedFrame[]).flatMap(({ regions }) => regions);
}

describe('--templates', () => {
  it('tells both commands where to look closely on images of the device, and on no others', async () => {
    const other = await found('--templates', at('other.json'));
    const own = await found('--templates', at('own.json'));
    expect(own.length).toBeGreaterThan(other.length);
    const words = ['anonymize', at('a.dcm'), '--out', at('out'), '--pixels', 'all', '--text-policy', 'everything'];
    const command = parseCommand([...words, '--report', at('r.json'), '--jobs', '1', '--templates', at('own.json')]);
    if (command.command !== 'anonymize') throw new Error('another command');
    await anonymize(command, terminal, signal);
    const report = JSON.parse(readFileSync(at('r.json'), 'utf8')) as AuditReport;
    expect(report.instances[0]?.pixels?.redacted).toBe(own.length);
  });

  it('takes no other file for one', async () => {
    writeFileSync(at('none.json'), '{"templates":[]}');
    await expect(readTemplateFile(at('none.json'))).rejects.toThrow(UsageError);
    await expect(readTemplateFile(at('missing.json'))).rejects.toThrow(UsageError);
    expect(() => parseCommand(['verify', 'r', 'd', '--templates', 'x'])).toThrow(UsageError);
  });
});
