export { applyProfile } from './apply';
export { ProfilePanel } from './ProfilePanel';
export { isReadyName, readyNames, readyProfiles } from './ready-profiles';
