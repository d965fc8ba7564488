/**
 * Device templates: where a make and model burns its text in, learned from regions that a person confirmed. They hold places
 * and the device's own name, never text, so that they may be shared. The page keeps and exports them, the command line reads them.
 */
import {
  array,
  integer,
  literal,
  maxLength,
  maxValue,
  minValue,
  number,
  object,
  picklist,
  pipe,
  safeParse,
  string,
  type InferOutput,
} from 'valibot';
import type { Rect } from '../pixels/types';

const whole = pipe(number(), integer(), minValue(0), maxValue(1_000_000));
/** The value of an attribute of at most 64 characters (LO), as the header gives it. */
const name = pipe(string(), maxLength(64));
const templateSchema = object({
  manufacturer: name,
  model: name,
  columns: whole,
  rows: whole,
  regions: pipe(
    array(
      object({
        x: whole,
        y: whole,
        width: pipe(whole, minValue(1)),
        height: pipe(whole, minValue(1)),
        action: picklist(['redact', 'keep']),
      }),
    ),
    maxLength(1_000),
  ),
});
const fileSchema = object({
  schema: literal('lethe-device-templates/1'),
  templates: pipe(array(templateSchema), maxLength(10_000)),
});

export type DeviceTemplate = InferOutput<typeof templateSchema>;

/** A make and model, and the size of its images in pixels. */
export type DeviceSize = Omit<DeviceTemplate, 'regions'>;

export const keyOf = (device: DeviceSize) =>
  `${device.manufacturer}\n${device.model}\n${device.columns}×${device.rows}`;

/** The template of a device; none for a device without a model. */
export function templateOn(templates: readonly DeviceTemplate[], device: DeviceSize): DeviceTemplate | undefined {
  if (device.model === '') return undefined;
  const key = keyOf(device);
  return templates.find((template) => keyOf(template) === key);
}

/** Where a template of the device has regions: the search for text looks there closely (priors.ts). */
export function placesOn(templates: readonly DeviceTemplate[], device: DeviceSize): readonly Rect[] {
  const regions = templateOn(templates, device)?.regions ?? [];
  return regions.map(({ x, y, width, height }) => ({ x, y, width, height }));
}

export const writeTemplates = (list: readonly DeviceTemplate[]): string =>
  JSON.stringify({ schema: 'lethe-device-templates/1', templates: list }, null, 2);

/** @returns null when the text holds no templates of ours */
export function readTemplates(text: string): readonly DeviceTemplate[] | null {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return null;
  }
  const parsed = safeParse(fileSchema, json);
  return parsed.success ? parsed.output.templates : null;
}
