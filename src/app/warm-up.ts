/**
 * Makes the first drop feel like the second: once the empty page stands, what the workspace is made of is fetched, compiled and
 * kept, and a worker waits. All of it comes from where the page itself came from, or from the browser's own copy of it.
 */
import { getClient } from '../features/session';

/** Called when nothing else is to be done; older browsers just wait a little. */
const whenIdle = (task: () => void): void => {
  if ('requestIdleCallback' in window) window.requestIdleCallback(task, { timeout: 2000 });
  else setTimeout(task, 500);
};

export function warmUp(): void {
  whenIdle(() => {
    void Promise.all([
      import('../features/studies'),
      import('../features/viewer').then(({ prepareViewer }) => prepareViewer()),
      import('../features/review'),
      import('./Inspector'),
    ]).catch(() => undefined);
    getClient().prepare();
  });
  // Whoever drags files over the page will let go of them: the worker of before may have ended by now.
  window.addEventListener('dragenter', () => getClient().prepare(), { passive: true });
}
