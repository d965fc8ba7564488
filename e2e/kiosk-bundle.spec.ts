/** The single-folder bundle on a server that knows nothing of Lethe: no headers, no fallback; and when that server is gone. */
import { spawn, spawnSync } from 'node:child_process';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { extname, join } from 'node:path';
import { makeKioskBundle } from '../scripts/lib/kiosk-bundle.mjs';
import { drop, found, offerFolder, sample, writtenFiles } from './support/files';
import { expect, readyOffline, root, test } from './support/lethe';

interface Plain {
  readonly url: string;
  readonly stop: () => Promise<void>;
}

/** Python's own server where there is one; else as little as a server can be. */
async function serve(folder: string): Promise<Plain> {
  const python = ['python3', 'python'].find((p) => spawnSync(p, ['--version']).status === 0);
  if (python !== undefined) {
    const child = spawn(python, ['-u', '-m', 'http.server', '0', '--bind', '127.0.0.1', '--directory', folder]);
    const port = await new Promise<string>((resolve) => {
      child.stdout.on('data', (text: Buffer) => {
        const found = /port (\d+)/.exec(text.toString())?.[1];
        if (found !== undefined) resolve(found);
      });
    });
    const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
    return {
      url: `http://127.0.0.1:${port}/`,
      stop: () => {
        child.kill();
        return ended;
      },
    };
  }
  const types: Record<string, string> = {
    '.html': 'text/html',
    '.js': 'text/javascript',
    '.css': 'text/css',
    '.wasm': 'application/wasm',
  };
  const server: Server = createServer((request, response) => {
    const path = decodeURIComponent((request.url ?? '/').split('?')[0] ?? '/');
    readFile(join(folder, path === '/' ? 'index.html' : path)).then(
      (bytes) =>
        response
          .setHeader('content-type', types[extname(path === '/' ? '.html' : path)] ?? 'application/octet-stream')
          .end(bytes),
      () => response.writeHead(404).end(),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/`,
    stop: () => {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}

test('the kiosk bundle works from a plain static server, and without it', async ({ page, context }) => {
  test.slow();
  const folder = await mkdtemp(join(tmpdir(), 'lethe-kiosk-'));
  makeKioskBundle(join(root, 'dist/page'), join(folder, 'kiosk'));
  const plain = await serve(join(folder, 'kiosk'));
  try {
    const away: string[] = [];
    context.on('request', (request) => {
      if (!request.url().startsWith(plain.url)) away.push(request.url());
    });
    await page.goto(plain.url);
    await expect(page.getByTestId('kiosk-role')).toHaveText('Operator');
    await readyOffline(page);
    await plain.stop();
    // The policy was said once: it holds without the server too, and nothing opens without one.
    await page.reload();
    await expect(page.getByTestId('kiosk-role')).toHaveText('Operator');
    await drop(page, [sample('CT chest/IM0001.dcm'), sample('CT chest/IM0002.dcm')]);
    await expect(page.getByTestId('workspace')).toBeVisible();
    await offerFolder(page, []);
    await page.getByTestId('open-export').click();
    await page.getByText('An empty folder that you choose.').click();
    await page.getByTestId('export-start').click();
    await expect(page.getByTestId('result-exported')).toHaveText('2', { timeout: 100_000 });
    for (const { path, bytes } of await writtenFiles(page))
      expect([path, found(bytes, ['Fairweather', 'NM-204417', 'Xueqin'])]).toEqual([path, []]);
    expect(away.filter((url) => !/^(blob|data):/.test(url))).toEqual([]);
  } finally {
    await plain.stop();
    await rm(folder, { recursive: true, force: true });
  }
});
