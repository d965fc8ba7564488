/** All detectors, lazily made. To add one: write a Detector and put it here; detectors.test.ts runs over all of them. */
import type { DetectorRuns } from '../lanes';
import type { ModelSource } from '../models';
import type { BackendName } from '../runtime';
import type { Detector } from './detector';

export type { Detector, DetectorContext } from './detector';

export interface DetectorEntry {
  readonly name: string;
  create(models: ModelSource, backend: BackendName, assistant: DetectorRuns | null): Promise<Detector>;
}

export const detectors: readonly DetectorEntry[] = [
  {
    name: 'dbnet',
    async create(models, backend, assistant) {
      const [{ loadDetector }, { DbNet }] = await Promise.all([import('../networks'), import('./dbnet')]);
      return new DbNet(await loadDetector(models, backend), assistant);
    },
  },
];
