import './settings.css';
export { CloseDialog } from './CloseDialog';
export { ProofDialog } from './ProofDialog';
export { startOffline, takeUpdate, useOffline, watchRequests } from './offline-state';
export { canInstall, install, useCanInstall, watchInstall } from './install';
