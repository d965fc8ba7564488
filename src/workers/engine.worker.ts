import { expose } from 'comlink';
import { createBrowserHost } from './browser-host';

expose(createBrowserHost());
