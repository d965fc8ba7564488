/** The page as one folder for a kiosk: any static server serves it, nothing else is needed. */
import { cpSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Edited by whoever sets the machine up; as it is, it is already stricter than the page without a policy. */
const policy = {
  $schema: 'schema/kiosk.schema.json',
  schema: 'lethe-kiosk/1',
  enabled: true,
  title: 'Lethe',
  profile: 'maximum',
  destinations: ['folder', 'zip'],
  idleMinutes: 10,
};

const readme = `Lethe, for a machine of its own
===============================

This folder is the whole program. It needs a web server that serves files, and no network.

1. Edit kiosk.json (schema/kiosk.schema.json says what may stand in it; "lethe policy kiosk.json" checks it).
2. Serve the folder. With Python, on this machine alone:

     python3 -m http.server 8080 --bind 127.0.0.1 --directory .

3. Open http://127.0.0.1:8080/ in Chromium, Chrome or Edge, full screen with:

     chromium --kiosk http://127.0.0.1:8080/

Browsers start no workers from files: opening index.html by a double click is not enough.
A server that sends headers should send those of docs/hosting.md; the content policy is in the page too.
After the first visit the page works without the server; kiosk.json is asked for at each visit, and the last one is kept.
`;

/**
 * @param {string} page the built page
 * @param {string} folder is replaced
 */
export function makeKioskBundle(page, folder) {
  rmSync(folder, { recursive: true, force: true });
  cpSync(page, folder, { recursive: true });
  rmSync(join(folder, '.vite'), { recursive: true, force: true });
  writeFileSync(join(folder, 'kiosk.json'), `${JSON.stringify(policy, null, 2)}\n`);
  writeFileSync(join(folder, 'README.txt'), readme);
  // A policy that a service worker kept would be that of the day of the build.
  if (readFileSync(join(folder, 'sw.js'), 'utf8').includes('"kiosk.json"')) throw new Error('sw.js keeps kiosk.json');
}
