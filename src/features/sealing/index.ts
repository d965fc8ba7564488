export { Recipients } from './Recipients';
export { LookupDialog } from './LookupDialog';
export { SigningDialog } from './SigningDialog';
export { SigningFields } from './SigningFields';
export { ReidentifyDialog } from './ReidentifyDialog';
