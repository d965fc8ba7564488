export { Recipients } from './Recipients';
export { BundleDialog } from './BundleDialog';
export { LookupDialog } from './LookupDialog';
export { SigningDialog } from './SigningDialog';
export { SigningFields } from './SigningFields';
export { ReidentifyDialog } from './ReidentifyDialog';
