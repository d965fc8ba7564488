import { useApp } from '../../store';
import { buildTree, type Tree } from './tree';
import type { InstanceEntry, InstanceId } from '../../store';

let last: { instances: ReadonlyMap<InstanceId, InstanceEntry>; tree: Tree } | null = null;

/** The tree of what is in the store now; made once for each change. */
export function currentTree(): Tree {
  const { instances } = useApp.getState();
  return treeOf(instances);
}

function treeOf(instances: ReadonlyMap<InstanceId, InstanceEntry>): Tree {
  if (last?.instances !== instances) last = { instances, tree: buildTree(instances.values()) };
  return last.tree;
}

export const useTree = (): Tree => useApp((state) => treeOf(state.instances));
