export { ReviewBar } from './ReviewBar';
export { ReasonDialog } from './ReasonDialog';
export { goToFinding } from './places';
export { acceptCurrent, excludeCurrent, goToNext, goToPrevious, nextScope } from './review';
