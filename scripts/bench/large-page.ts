/**
 * The same in the page: the production build in Chromium, a large file dropped, a box on all frames, exported into a folder of the
 * origin's private file system. Measured is the most memory that any renderer process took: page and workers share one.
 */
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium, type Page } from 'playwright';
import { preview } from 'vite';

export interface PageRun {
  readonly seconds: number;
  /** Most resident memory, MiB, the browser's own program included. */
  readonly peak: number;
  /** Most of it that was not the browser's program but held by page and workers (anonymous pages), MiB, looked at four times a second. */
  readonly held: number;
  /** Bytes written. */
  readonly size: number;
  /** Files left in the scratch folder. */
  readonly left: number;
}

/** Where the browser is; undefined: nothing can be measured. */
export function browserPath(): string | undefined {
  return [process.env.CHROMIUM_PATH, '/usr/bin/chromium', '/usr/bin/google-chrome'].find(
    (path) => path !== undefined && existsSync(path),
  );
}

/** Memory, MiB, of the renderer processes of the browser with this profile: the most that was resident, and what is held now. */
export function renderers(profile: string): { pid: number; peak: number; held: number }[] {
  const processes = readdirSync('/proc').flatMap((name) => {
    if (!/^\d+$/.test(name)) return [];
    try {
      const status = readFileSync(join('/proc', name, 'status'), 'utf8');
      const command = readFileSync(join('/proc', name, 'cmdline'), 'utf8');
      const field = (key: string): number => Number(new RegExp(`${key}:\\s+(\\d+)`).exec(status)?.[1] ?? 0);
      return [
        {
          pid: Number(name),
          parent: field('PPid'),
          peak: field('VmHWM') / 1024,
          held: field('RssAnon') / 1024,
          command,
        },
      ];
    } catch {
      // It ended meanwhile.
      return [];
    }
  });
  const parents = new Map(processes.map((p) => [p.pid, p.parent]));
  const browsers = processes.filter((p) => p.command.includes(profile) && !p.command.includes('--type='));
  const below = (pid: number): boolean => {
    for (let at: number | undefined = pid; at !== undefined && at > 1; at = parents.get(at))
      if (browsers.some((b) => b.pid === at)) return true;
    return false;
  };
  return processes.filter((p) => p.command.includes('--type=renderer') && below(p.pid));
}

/** Drops a file of the disk on the page, without its bytes going through the test. */
async function dropFile(page: Page, path: string): Promise<void> {
  await page.evaluate(() => {
    const input = document.createElement('input');
    input.type = 'file';
    input.id = 'bench-file';
    document.body.append(input);
  });
  await page.setInputFiles('#bench-file', path);
  await page.evaluate(async () => {
    const input = document.querySelector<HTMLInputElement>('#bench-file');
    const file = input?.files?.[0];
    if (file === undefined) throw new Error('no file');
    input?.remove();
    const home = await navigator.storage.getDirectory();
    const out = await home.getDirectoryHandle('out', { create: true });
    Object.assign(window, { showDirectoryPicker: () => Promise.resolve(out) });
    const transfer = new DataTransfer();
    transfer.items.add(file);
    for (const type of ['dragenter', 'dragover', 'drop'])
      document.body.dispatchEvent(new DragEvent(type, { dataTransfer: transfer, bubbles: true, cancelable: true }));
  });
}

/** Bytes of the outputs, and the number of files in the scratch folder. */
function written(page: Page): Promise<{ size: number; left: number }> {
  return page.evaluate(async () => {
    const home = await navigator.storage.getDirectory();
    let size = 0;
    const visit = async (folder: FileSystemDirectoryHandle): Promise<void> => {
      for await (const handle of folder.values()) {
        if (handle.kind === 'directory') await visit(handle);
        else if (handle.name.endsWith('.dcm')) size += (await handle.getFile()).size;
      }
    };
    await visit(await home.getDirectoryHandle('out'));
    let left = 0;
    const scratch = await home.getDirectoryHandle('lethe-scratch', { create: true });
    for await (const name of scratch.keys()) left += name === '' ? 0 : 1;
    return { size, left };
  });
}

export async function redactInPage(path: string): Promise<PageRun> {
  const server = await preview({ root: process.cwd(), logLevel: 'error', preview: { port: 0, host: '127.0.0.1' } });
  const address = server.httpServer.address();
  if (address === null || typeof address === 'string') throw new Error('the preview server has no port');
  const executablePath = browserPath();
  // A profile on the disk: one in memory has neither the room nor the private files that users have.
  const profile = mkdtempSync(join(tmpdir(), 'lethe-profile-'));
  const browser = await chromium.launchPersistentContext(profile, {
    ...(executablePath !== undefined && { executablePath }),
    viewport: { width: 1440, height: 900 },
    args: process.getuid?.() === 0 ? ['--no-sandbox'] : [],
  });
  try {
    const page = await browser.newPage();
    page.setDefaultTimeout(3_600_000);
    await page.goto(`http://127.0.0.1:${address.port}/`);
    await page.getByRole('main').waitFor();
    await dropFile(page, path);
    const start = performance.now();
    let held = 0;
    const watch = setInterval(() => {
      held = Math.max(held, ...renderers(profile).map((r) => r.held));
    }, 250);
    await page.getByRole('treeitem').first().click();
    await page.getByRole('tab', { name: 'Regions' }).click();
    await page.getByTestId('add-region').click();
    await page.getByTestId('open-export').click();
    await page.getByText('An empty folder that you choose.').click();
    await page.getByTestId('export-start').click();
    await page.getByTestId('export-result').waitFor();
    const seconds = (performance.now() - start) / 1000;
    const exported = await page.getByTestId('result-exported').textContent();
    clearInterval(watch);
    const peak = Math.max(...renderers(profile).map((r) => r.peak));
    const { size, left } = await written(page);
    if (exported?.trim() !== '1') {
      throw new Error(`nothing was exported: ${(await page.getByTestId('export-result').textContent()) ?? ''}`);
    }
    return { seconds, peak, held, size, left };
  } finally {
    await browser.close();
    await server.close();
    rmSync(profile, { recursive: true, force: true });
  }
}
