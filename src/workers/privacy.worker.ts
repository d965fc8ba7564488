import { expose } from 'comlink';
import { privacyHost } from './privacy-host';

expose(privacyHost);
