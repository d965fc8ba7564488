/**
 * Device templates: where a make and model burns its text in, learned from regions that a person confirmed. They hold places
 * and the device's own name, never text, so that they may be shared, and may stay in the browser for the next visit.
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
import { useApp } from '../../store';
import { saveBlob } from '../session';

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

/** In the browser's storage, beside the settings of the page. */
export const templatesKey = 'lethe-device-templates';

/** null: not looked for yet. They are, with the first image: by then it is known whether the machine has a policy. */
let templates: readonly DeviceTemplate[] | null = null;
const none: readonly DeviceTemplate[] = [];
const listeners = new Set<() => void>();

/** What an earlier visit left. A machine with a policy keeps nothing. */
function restored(): readonly DeviceTemplate[] {
  if (useApp.getState().kiosk !== null) return none;
  try {
    return readTemplates(localStorage.getItem(templatesKey) ?? '') ?? [];
  } catch {
    // No storage: templates live for the session.
    return [];
  }
}

export function getTemplates(): readonly DeviceTemplate[] {
  if (useApp.getState().kiosk === 'unknown') return none;
  return (templates ??= restored());
}

export function subscribeTemplates(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export function setTemplates(next: readonly DeviceTemplate[]): void {
  templates = next;
  try {
    if (useApp.getState().kiosk === null) {
      if (next.length === 0) localStorage.removeItem(templatesKey);
      else localStorage.setItem(templatesKey, writeTemplates(next));
    }
  } catch {
    // No storage, or none left.
  }
  for (const listener of listeners) listener();
}

export const keyOf = (t: Omit<DeviceTemplate, 'regions'>) => `${t.manufacturer}\n${t.model}\n${t.columns}×${t.rows}`;

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

export function exportTemplates(): void {
  saveBlob(new Blob([writeTemplates(getTemplates())], { type: 'application/json' }), 'lethe-device-templates.json');
}

/** @returns how many templates came in, or null when the file is not one of ours */
export function importTemplates(text: string): number | null {
  const read = readTemplates(text);
  if (read === null) return null;
  const fresh = new Map(read.map((t) => [keyOf(t), t]));
  setTemplates([...getTemplates().filter((t) => !fresh.has(keyOf(t))), ...fresh.values()]);
  return fresh.size;
}
