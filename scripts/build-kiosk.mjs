/** `npm run build:kiosk`: dist/kiosk, one folder for any static server. */
import { join } from 'node:path';
import { makeKioskBundle } from './lib/kiosk-bundle.mjs';
import { buildPage, installDependencies, makeModels, makeSamples, root, say } from './lib/setup.mjs';

installDependencies();
makeModels();
makeSamples();
buildPage();
const folder = join(root, 'dist', 'kiosk');
makeKioskBundle(join(root, 'dist', 'page'), folder);
say(`the kiosk is in ${folder}; README.txt in it says how to serve it.`);
