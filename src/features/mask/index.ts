export { MaskDialog } from './MaskDialog';
