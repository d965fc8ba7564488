export { startKiosk } from './kiosk';
export { Covered } from './Covered';
export { RoleButton } from './RoleButton';
export { UnlockDialog } from './UnlockDialog';
export { PolicyDialog } from './PolicyDialog';
export { ExportRules } from './ExportRules';
