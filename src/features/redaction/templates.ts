/** What is done with device templates: learning one from an image, and putting its boxes on others. */
import { keyOf, templateOn, type DeviceSize, type DeviceTemplate } from '../../core/detect/device-templates';
import type { Region } from '../../core/detect/types';
import type { Rect } from '../../core/pixels/types';
import { useApp, type InstanceEntry, type InstanceId } from '../../store';
import { boundsOf, newRegionId, regionsOf } from './edits';
import { getTemplates, setTemplates } from './template-store';

function deviceOf(entry: InstanceEntry): DeviceSize | null {
  const bounds = boundsOf(entry);
  const device = entry.summary?.device;
  if (!bounds || !device) return null;
  return { manufacturer: device.manufacturer, model: device.model, columns: bounds.width, rows: bounds.height };
}

/** What an Instance teaches: its regions without their text. null when its device is not named. */
export function templateOf(entry: InstanceEntry, regions: readonly Region[]): DeviceTemplate | null {
  const device = deviceOf(entry);
  if (!device || device.model === '' || regions.length === 0) return null;
  return {
    ...device,
    regions: regions.map(({ x, y, width, height, action }) => ({ x, y, width, height, action })),
  };
}

export function saveTemplate(entry: InstanceEntry): void {
  const template = templateOf(entry, regionsOf(entry.id));
  if (!template) return;
  setTemplates([...getTemplates().filter((t) => keyOf(t) !== keyOf(template)), template]);
  useApp.getState().notify('notice.templateSaved', { values: { count: template.regions.length } });
}

export function removeTemplate(template: DeviceTemplate): void {
  setTemplates(getTemplates().filter((t) => t !== template));
}

/** Instances of the same make, model and size. */
export function instancesFor(template: DeviceTemplate): readonly InstanceEntry[] {
  return [...useApp.getState().instances.values()].filter((entry) => {
    const device = deviceOf(entry);
    return device !== null && keyOf(device) === keyOf(template) && !entry.excluded;
  });
}

/** The template of this Instance's device, if one is known. */
export function templateFor(entry: InstanceEntry): DeviceTemplate | undefined {
  const device = deviceOf(entry);
  return device ? templateOn(getTemplates(), device) : undefined;
}

/** Where a template of the Instance's device has regions: the search for text looks there closely. */
export function priorsFor(entry: InstanceEntry): readonly Rect[] {
  return (templateFor(entry)?.regions ?? []).map(({ x, y, width, height }) => ({ x, y, width, height }));
}

const missing = (template: DeviceTemplate, existing: readonly Region[]) =>
  template.regions.filter(
    (t) => !existing.some((r) => r.x === t.x && r.y === t.y && r.width === t.width && r.height === t.height),
  );

/** Whether every box of the template is on the Instance already. */
export const isApplied = (template: DeviceTemplate, existing: readonly Region[]): boolean =>
  missing(template, existing).length === 0;

/** Adds the template's regions to every Instance of its device. One step of the history. @returns how many Instances */
export function applyTemplate(template: DeviceTemplate): number {
  const changes: Record<InstanceId, readonly Region[]> = {};
  for (const entry of instancesFor(template)) {
    const existing = regionsOf(entry.id);
    const added = missing(template, existing);
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
