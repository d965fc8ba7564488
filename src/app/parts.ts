/** What is not part of the empty page. */
import type { DialogName } from '../store';
import { part, type Part } from './part';

// The workspace loads with the first file, dialogs with their first use: an empty page is up at once.
export const StudiesPanel = part(async () => (await import('../features/studies')).StudiesPanel);
export const Viewer = part(async () => (await import('../features/viewer')).Viewer);
export const ReviewBar = part(async () => (await import('../features/review')).ReviewBar);
export const Inspector = part(async () => (await import('./Inspector')).Inspector);

export const Covered = part(async () => (await import('../features/kiosk/Covered')).Covered);
export const MessagesPanel = part(async () => (await import('../features/messages')).MessagesPanel);

/** What there is to open where the images are covered. */
export const besideCover: ReadonlySet<DialogName> = new Set(['help', 'palette', 'proof', 'verify', 'unlock', 'policy']);

export const dialogs: Readonly<Record<DialogName, Part>> = {
  export: part(async () => (await import('../features/export')).ExportDialog),
  help: part(async () => (await import('./HelpDialog')).HelpDialog),
  palette: part(async () => (await import('./CommandPalette')).CommandPalette),
  proof: part(async () => (await import('../features/settings')).ProofDialog),
  'close-session': part(async () => (await import('../features/settings')).CloseDialog),
  verify: part(async () => (await import('../features/audit')).VerifyDialog),
  review: part(async () => (await import('../features/review')).ReasonDialog),
  cohort: part(async () => (await import('../features/cohort')).CohortDialog),
  mask: part(async () => (await import('../features/mask')).MaskDialog),
  bundle: part(async () => (await import('../features/sealing')).BundleDialog),
  reidentify: part(async () => (await import('../features/sealing')).ReidentifyDialog),
  unlock: part(async () => (await import('../features/kiosk/UnlockDialog')).UnlockDialog),
  policy: part(async () => (await import('../features/kiosk/PolicyDialog')).PolicyDialog),
  lookup: part(async () => (await import('../features/sealing')).LookupDialog),
  signing: part(async () => (await import('../features/sealing')).SigningDialog),
  learning: part(async () => (await import('../features/learning')).LearningDialog),
  templates: part(async () => (await import('../features/redaction')).TemplatesDialog),
};
