import { expose, transfer } from 'comlink';
import { networkRuns } from '../core/detect/assistant';
import { fetchedModels } from './fetched-models';

expose(
  networkRuns(
    fetchedModels(() => self.name),
    transfer,
  ),
);
