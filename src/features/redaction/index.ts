export * from './edits';
export * from './geometry';
export * from './region-tool';
export { classOf, useRegionWords } from './region-words';
export { RegionsPanel } from './RegionsPanel';
export { TemplatesDialog } from './TemplatesDialog';
