import { expose } from 'comlink';
import { sealingHost } from './sealing-host';

expose(sealingHost);
