export { CodeChip } from './CodeChip';
export { TagsPanel } from './TagsPanel';
