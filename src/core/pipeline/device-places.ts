/** Where the template of an image's device says that text stands. */
import { placesOn, type DeviceTemplate } from '../detect/device-templates';
import { pixelFacts } from '../pixels/facts';
import type { Rect } from '../pixels/types';
import type { Opened } from './open';
import { deviceOf } from './summary';

/** Image pixels. Plain images name no device. */
export function devicePlaces(opened: Opened, templates: readonly DeviceTemplate[]): readonly Rect[] {
  if (opened.kind !== 'dicom' || templates.length === 0) return [];
  const facts = pixelFacts(opened.file);
  if (!facts.ok || facts.value === null) return [];
  const { columns, rows } = facts.value;
  return placesOn(templates, { ...deviceOf(opened.file), columns, rows });
}
