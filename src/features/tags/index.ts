export { CodeChip, TagsPanel } from './TagsPanel';
