export { StudiesPanel } from './StudiesPanel';
export { inReview, stackOf, stepInstance, stepSeries, stepStack } from './navigate';
export { currentTree, useTree } from './use-tree';
export { instancesInOrder, worstState, type Tree } from './tree';
export { Thumbnail } from './Thumbnail';
