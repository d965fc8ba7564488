export { RecordPanel } from './RecordPanel';
export { VerdictView } from './VerdictView';
export { verifyOutput, type Verdict } from './verify';
export { VerifyDialog } from './VerifyDialog';
export { summarise, type SessionSummary } from './summary';
