export * from './edits';
export * from './geometry';
export * from './region-tool';
export { RegionsPanel } from './RegionsPanel';
export { TemplatesDialog } from './TemplatesDialog';
