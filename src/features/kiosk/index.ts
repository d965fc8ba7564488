export { startKiosk } from './kiosk';
export { RoleButton } from './RoleButton';
export { UnlockDialog } from './UnlockDialog';
export { PolicyDialog } from './PolicyDialog';
export { ExportRules } from './ExportRules';
