/** Device templates as the page exports them. */
import { readFile } from 'node:fs/promises';
import { readTemplates, type DeviceTemplate } from '../core/detect/device-templates';
import { UsageError } from './usage';

/** @throws UsageError when it can't be read or is none of ours: without it less might be found than is expected */
export async function readTemplateFile(file: string): Promise<readonly DeviceTemplate[]> {
  const text = await readFile(file, 'utf8').catch(() => {
    throw new UsageError(`The device templates '${file}' can't be read.`);
  });
  const templates = readTemplates(text);
  if (templates === null)
    throw new UsageError(`'${file}' holds no device templates: export them from the page (Device templates).`);
  return templates;
}
