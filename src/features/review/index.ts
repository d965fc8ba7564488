export { ReviewBar } from './ReviewBar';
export { ReasonDialog } from './ReasonDialog';
export { acceptCurrent, goToNext, toggleExcluded } from './review';
