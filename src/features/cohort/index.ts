export { CohortDialog } from './CohortDialog';
