export { Recipients } from './Recipients';
export { SigningDialog } from './SigningDialog';
export { SigningFields } from './SigningFields';
export { ReidentifyDialog } from './ReidentifyDialog';
