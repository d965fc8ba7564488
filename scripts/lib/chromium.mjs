/** Finds a Chromium for the tests: one that is installed, else Playwright's own, else the system's package manager. */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { run, say, root } from './setup.mjs';

const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'microsoft-edge'];
const places = [
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
  'C:\\Program Files (x86)\\Microsoft\\Edge\\Application\\msedge.exe',
];

function onPath(name) {
  const found = spawnSync(process.platform === 'win32' ? 'where' : 'which', [name], { encoding: 'utf8' });
  return found.status === 0 ? found.stdout.split('\n')[0].trim() : undefined;
}

async function playwrightsOwn() {
  const { chromium } = await import('playwright');
  try {
    const path = chromium.executablePath();
    return existsSync(path) ? path : undefined;
  } catch {
    return undefined;
  }
}

function installed() {
  const named = process.env.CHROMIUM_PATH;
  if (named) return existsSync(named) ? named : undefined;
  for (const name of names) {
    const path = onPath(name);
    if (path) return path;
  }
  return places.find((p) => existsSync(p));
}

function systemInstall() {
  const root = process.getuid?.() === 0;
  const sudo = (args) => (root ? args : ['sudo', '-n', ...args]);
  const managers = [
    [
      'apt-get',
      [
        ['apt-get', 'update'],
        ['apt-get', 'install', '-y', 'chromium'],
      ],
    ],
    ['dnf', [['dnf', 'install', '-y', 'chromium']]],
    ['pacman', [['pacman', '-S', '--noconfirm', 'chromium']]],
    ['apk', [['apk', 'add', 'chromium']]],
    ['brew', [['brew', 'install', '--cask', 'chromium']]],
  ];
  for (const [manager, commands] of managers) {
    if (!onPath(manager)) continue;
    say(`installing Chromium with ${manager}…`);
    for (const command of commands) {
      const [program, ...args] = manager === 'brew' ? command : sudo(command);
      run(program, args, { quiet: true });
    }
    return;
  }
}

/** Path of a Chromium that runs; installs one when there is none. */
export async function findChromium() {
  let path = installed() ?? (await playwrightsOwn());
  if (path) return path;
  say("no Chromium found; fetching Playwright's own…");
  spawnSync('npx', ['playwright', 'install', 'chromium'], {
    cwd: root,
    stdio: ['ignore', 2, 2],
    timeout: 300_000,
    shell: process.platform === 'win32',
  });
  path = await playwrightsOwn();
  if (path) return path;
  systemInstall();
  path = installed();
  if (!path) {
    say('no Chromium could be found or installed; install one and set CHROMIUM_PATH.');
    process.exit(1);
  }
  return path;
}
