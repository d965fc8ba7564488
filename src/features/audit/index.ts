export { RecordPanel } from './RecordPanel';
export { VerifyDialog } from './VerifyDialog';
export { summarise, type SessionSummary } from './summary';
