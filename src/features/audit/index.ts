export { RecordPanel } from './RecordPanel';
export { summarise, type SessionSummary } from './summary';
