/** Chooses where the networks run, by a short measurement instead of by name. */
import { detectors, type Detector } from './detectors';
import type { ModelSource } from './models';
import type { Helpers } from './kernels/team';
import { Networks } from './networks';
import { startBackend, type BackendName } from './runtime';

export interface Started {
  readonly backend: BackendName;
  readonly networks: Networks;
  readonly detectors: readonly Detector[];
}

export interface Choice {
  readonly models: ModelSource;
  readonly backend?: BackendName | 'auto';
  readonly accelerators?: readonly ('webgpu' | 'webgl')[];
  /** Used where wasm is. */
  readonly helpers?: Helpers;
}

/** Rejects when the backend does not start or a model can't be read. */
export async function chooseBackend(choice: Choice): Promise<Started> {
  const wanted = choice.backend ?? 'auto';
  if (wanted !== 'auto') return start(wanted, choice);
  let best: BackendName = 'wasm';
  let started = await start('wasm', choice);
  const accelerators = choice.accelerators ?? [];
  if (accelerators.length === 0) return started;
  let least = await measure(started.detectors);
  for (const name of accelerators) {
    stop(started);
    const other = await start(name, choice).catch(() => null);
    if (!other) continue;
    started = other;
    const time = await measure(other.detectors);
    if (time < least) [best, least] = [name, time];
  }
  if (started.backend === best && best !== 'wasm') return started;
  if (started.backend !== best) stop(started);
  return start(best, choice);
}

async function start(name: BackendName, { models, helpers }: Choice): Promise<Started> {
  if (!(await startBackend(name, models.wasmPaths))) throw new Error(`${name} does not start here`);
  const networks = new Networks(models, name, helpers ?? null);
  return { backend: name, networks, detectors: await Promise.all(detectors.map((entry) => entry.create(networks))) };
}

function stop(started: Started): void {
  for (const detector of started.detectors) detector.dispose();
  started.networks.dispose();
}

/** Milliseconds of the second look at a checked pattern: the first one compiles. */
async function measure(list: readonly Detector[]): Promise<number> {
  const side = 480;
  const data = Uint8Array.from({ length: side * side }, (_, i) =>
    ((i >> 3) + (((i / side) | 0) >> 3)) % 2 === 0 ? 200 : 20,
  );
  const image = { width: side, height: side, channels: 1, data } as const;
  const context = { effort: 'screen', breathe: () => Promise.resolve() } as const;
  let time = Infinity;
  for (let i = 0; i < 2; i++) {
    const from = performance.now();
    for (const detector of list) await detector.detect([image], context);
    time = performance.now() - from;
  }
  return time;
}
