/** All detectors, lazily made. To add one: write a Detector and put it here; detectors.test.ts runs over all of them. */
import type { NetworkRuns } from '../lanes';
import type { ModelSource } from '../models';
import { readModel } from '../models';
import type { Detector } from './detector';

export type { Detector, DetectorContext } from './detector';

export interface DetectorEntry {
  readonly name: string;
  create(models: ModelSource, assistant: NetworkRuns | null): Promise<Detector>;
}

export const detectors: readonly DetectorEntry[] = [
  {
    name: 'dbnet',
    async create(models, assistant) {
      const [{ Network }, { DbNet }, files] = await Promise.all([
        import('../runtime'),
        import('./dbnet'),
        readModel(models, 'det'),
      ]);
      return new DbNet(await Network.load(files), assistant);
    },
  },
];
