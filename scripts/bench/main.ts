/** `npm run bench [-- headers parse codecs detect]`: ratios against peers in the same run; prints Markdown. */
import { cpus } from 'node:os';

const all: Record<string, () => Promise<string>> = {
  headers: async () => (await import('./headers')).benchHeaders(),
  codecs: async () => (await import('./codecs')).benchCodecs(),
};

const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => !(name in all));
if (unknown.length > 0) {
  console.error(`unknown: ${unknown.join(', ')}; there are ${Object.keys(all).join(', ')}`);
  process.exit(1);
}
console.log(`Node ${process.version}, ${cpus().length} cores\n`);
for (const [name, bench] of Object.entries(all))
  if (wanted.length === 0 || wanted.includes(name)) console.log(await bench());
