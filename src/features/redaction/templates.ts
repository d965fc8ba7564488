/**
 * Device templates: where a make and model burns its text in, learned from regions that a person confirmed. They hold places
 * and the device's own name, never text, so that they may be shared.
 */
import {
  array,
  integer,
  literal,
  minValue,
  number,
  object,
  picklist,
  pipe,
  safeParse,
  string,
  type InferOutput,
} from 'valibot';
import type { Region } from '../../core/detect/types';
import { useApp, type InstanceEntry, type InstanceId } from '../../store';
import { saveBlob } from '../session';
import { boundsOf, newRegionId, regionsOf } from './edits';

const whole = pipe(number(), integer(), minValue(0));
const templateSchema = object({
  manufacturer: string(),
  model: string(),
  columns: whole,
  rows: whole,
  regions: array(object({ x: whole, y: whole, width: whole, height: whole, action: picklist(['redact', 'keep']) })),
});
const fileSchema = object({ schema: literal('lethe-device-templates/1'), templates: array(templateSchema) });

export type DeviceTemplate = InferOutput<typeof templateSchema>;

/** In memory for the session; a file keeps them longer. */
let templates: readonly DeviceTemplate[] = [];
const listeners = new Set<() => void>();

export const getTemplates = (): readonly DeviceTemplate[] => templates;
export function subscribeTemplates(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
function setTemplates(next: readonly DeviceTemplate[]): void {
  templates = next;
  for (const listener of listeners) listener();
}

const keyOf = (t: Omit<DeviceTemplate, 'regions'>) => `${t.manufacturer}\n${t.model}\n${t.columns}×${t.rows}`;

/** What an Instance teaches: its regions without their text. null when its device is not named. */
export function templateOf(entry: InstanceEntry, regions: readonly Region[]): DeviceTemplate | null {
  const bounds = boundsOf(entry);
  const device = entry.summary?.device;
  if (!bounds || !device || device.model === '' || regions.length === 0) return null;
  return {
    manufacturer: device.manufacturer,
    model: device.model,
    columns: bounds.width,
    rows: bounds.height,
    regions: regions.map(({ x, y, width, height, action }) => ({ x, y, width, height, action })),
  };
}

export function saveTemplate(entry: InstanceEntry): void {
  const template = templateOf(entry, regionsOf(entry.id));
  if (!template) return;
  setTemplates([...templates.filter((t) => keyOf(t) !== keyOf(template)), template]);
  useApp.getState().notify('notice.templateSaved', { values: { count: template.regions.length } });
}

export function removeTemplate(template: DeviceTemplate): void {
  setTemplates(templates.filter((t) => t !== template));
}

/** Instances of the same make, model and size. */
export function instancesFor(template: DeviceTemplate): readonly InstanceEntry[] {
  return [...useApp.getState().instances.values()].filter((entry) => {
    const bounds = boundsOf(entry);
    const device = entry.summary?.device;
    return (
      device?.manufacturer === template.manufacturer &&
      device.model === template.model &&
      bounds?.width === template.columns &&
      bounds.height === template.rows &&
      !entry.excluded
    );
  });
}

/** Adds the template's regions to every Instance of its device. One step of the history. @returns how many Instances */
export function applyTemplate(template: DeviceTemplate): number {
  const changes: Record<InstanceId, readonly Region[]> = {};
  for (const entry of instancesFor(template)) {
    const existing = regionsOf(entry.id);
    const added = template.regions.filter(
      (t) => !existing.some((r) => r.x === t.x && r.y === t.y && r.width === t.width && r.height === t.height),
    );
    if (added.length === 0) continue;
    changes[entry.id] = [
      ...existing,
      ...added.map((t): Region => ({ ...t, id: newRegionId(), origin: 'template', frame: 'all' })),
    ];
  }
  const count = Object.keys(changes).length;
  const app = useApp.getState();
  if (count > 0) app.editRegions('edit.region.template', changes);
  app.notify('notice.regionsCopied', { values: { count }, undo: count > 0 });
  return count;
}

export function exportTemplates(): void {
  const text = JSON.stringify({ schema: 'lethe-device-templates/1', templates }, null, 2);
  saveBlob(new Blob([text], { type: 'application/json' }), 'lethe-device-templates.json');
}

/** @returns how many templates came in, or null when the file is not one of ours */
export function importTemplates(text: string): number | null {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return null;
  }
  const parsed = safeParse(fileSchema, json);
  if (!parsed.success) return null;
  const fresh = new Map(parsed.output.templates.map((t) => [keyOf(t), t]));
  setTemplates([...templates.filter((t) => !fresh.has(keyOf(t))), ...fresh.values()]);
  return fresh.size;
}
