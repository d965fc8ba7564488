/**
 * Makes the first drop feel like the second: once the empty page stands, what the workspace is made of is fetched, compiled and
 * kept, and a worker waits. All of it comes from where the page itself came from, or from the browser's own copy of it.
 */
import { getClient } from '../features/session';
import { Inspector, ReviewBar, StudiesPanel, Viewer } from './parts';

/** Called when nothing else is to be done; older browsers just wait a little. */
const whenIdle = (task: () => void): void => {
  if ('requestIdleCallback' in window) window.requestIdleCallback(task, { timeout: 2000 });
  else setTimeout(task, 500);
};

export function warmUp(): void {
  whenIdle(() => {
    const workspace = [StudiesPanel, Viewer, ReviewBar, Inspector].map((shown) => shown.prepare());
    const drawing = import('../features/viewer').then(({ prepareViewer }) => prepareViewer());
    // What could not be had now is asked for again when it is needed.
    void Promise.allSettled([...workspace, drawing]);
    getClient().prepare();
  });
  // Whoever drags files over the page will let go of them: the worker of before may have ended by now.
  window.addEventListener('dragenter', () => getClient().prepare(), { passive: true });
}
