import { describe, expect, it } from 'vitest';
import { freshModels } from '../../scripts/model/node-models';
import { createTextEngine } from '../core/detect';
import { withoutNewListeners } from './process-listeners';

const count = () => process.listenerCount('uncaughtException') + process.listenerCount('unhandledRejection');

describe('listeners of the process', () => {
  it('are the same after the text engine has started', async () => {
    const before = count();
    let during = before;
    const engine = await withoutNewListeners(async () => {
      const made = await createTextEngine({ models: await freshModels(), backend: 'wasm' });
      during = count();
      return made;
    });
    expect(engine.ok).toBe(true);
    // The backend does add some; without that this test would prove nothing.
    expect(during).toBeGreaterThan(before);
    expect(count()).toBe(before);
  });

  it('that were there stay, also when the task fails', async () => {
    const own = () => undefined;
    process.on('unhandledRejection', own);
    const failed = withoutNewListeners(() => {
      process.on('unhandledRejection', () => undefined);
      return Promise.reject(new Error('no'));
    });
    await expect(failed).rejects.toThrow('no');
    expect(process.listeners('unhandledRejection').filter((listener) => listener === own)).toHaveLength(1);
    process.removeListener('unhandledRejection', own);
  });
});
