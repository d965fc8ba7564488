export { LearningDialog } from './LearningDialog';
