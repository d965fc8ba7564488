export { Recipients } from './Recipients';
export { ReidentifyDialog } from './ReidentifyDialog';
