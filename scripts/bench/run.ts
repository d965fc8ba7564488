/** What `main.ts` bundles and starts. */
import { cpus, loadavg } from 'node:os';
import { isMainThread, workerData } from 'node:worker_threads';
import { help, type Invitation } from '../../src/core/detect/kernels/team';
import { serveRounds } from './own-process';

const all: Record<string, () => Promise<string>> = {
  headers: async () => (await import('./headers')).benchHeaders(),
  parse: async () => (await import('./parse')).benchParse(),
  redact: async () => (await import('./codecs')).benchRedaction(),
  browser: async () => (await import('./browser')).benchBrowser(process.cwd()),
  codecs: async () => (await import('./codecs')).benchCodecs(),
  detect: async () => (await import('./detect')).benchDetect(),
  page: async () => (await import('./page')).benchPage(),
  cancel: async () => (await import('./cancel')).benchCancel(),
  large: async () => (await import('./large')).benchLarge(),
  batch: async () => (await import('./batch')).benchBatch(),
  privacy: async () => (await import('./privacy')).benchPrivacy(process.cwd()),
  archive: async () => (await import('./archive')).benchArchive(),
};

async function main(wanted: readonly string[]): Promise<void> {
  if (wanted[0] === '--lethe') {
    await (await import('./headers')).lethe(wanted[1] ?? '', wanted[2] ?? '');
    // KiB, as Linux counts.
    process.stdout.write(String(process.resourceUsage().maxRSS));
    return;
  }
  if (wanted[0] === '--redact') {
    await (await import('./large')).redactFolder(wanted[1] ?? '', wanted[2] ?? '');
    process.stdout.write(String(process.resourceUsage().maxRSS));
    return;
  }
  if (wanted[0] === '--rounds') {
    const { dcmjs, lethe } = await import('./headers');
    serveRounds(wanted[1] === 'dcmjs' ? dcmjs : lethe);
    return;
  }
  const unknown = wanted.filter((name) => !(name in all));
  if (unknown.length > 0) {
    console.error(`unknown: ${unknown.join(', ')}; there are ${Object.keys(all).join(', ')}`);
    process.exit(1);
  }
  const load = loadavg().map((n) => n.toFixed(1));
  console.log(`Node ${process.version}, ${cpus().length} cores, load before ${load.join(' ')}\n`);
  for (const [name, bench] of Object.entries(all))
    if (wanted.length === 0 || wanted.includes(name)) console.log(await bench());
}

if (isMainThread) await main(process.argv.slice(2));
else help(workerData as Invitation);
