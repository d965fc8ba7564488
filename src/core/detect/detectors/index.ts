/** All detectors, lazily made. To add one: write a Detector and put it here; detectors.test.ts runs over all of them. */
import type { Networks } from '../networks';
import type { Detector } from './detector';

export type { Detector, DetectorContext } from './detector';

export interface DetectorEntry {
  readonly name: string;
  create(networks: Networks): Promise<Detector>;
}

export const detectors: readonly DetectorEntry[] = [
  {
    name: 'dbnet',
    async create(networks) {
      const { DbNet } = await import('./dbnet');
      return new DbNet(await networks.detector());
    },
  },
];
