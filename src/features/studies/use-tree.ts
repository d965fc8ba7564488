import { useApp, type InstanceEntry, type InstanceId } from '../../store';
import type { Tree } from './tree';
import { TreeIndex } from './tree-index';

const index = new TreeIndex();
let last: { instances: ReadonlyMap<InstanceId, InstanceEntry>; tree: Tree } | null = null;

/** The tree of what is in the store now; made once for each change. */
export function currentTree(): Tree {
  const { instances } = useApp.getState();
  return treeOf(instances);
}

function treeOf(instances: ReadonlyMap<InstanceId, InstanceEntry>): Tree {
  if (last?.instances !== instances) last = { instances, tree: index.update(instances.values()) };
  return last.tree;
}

export const useTree = (): Tree => useApp((state) => treeOf(state.instances));

// A closed session must not live on in what was made of it.
useApp.subscribe((state) => {
  if (state.instances.size === 0 && last !== null) treeOf(state.instances);
});
