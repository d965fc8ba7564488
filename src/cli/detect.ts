/** `lethe detect`: where text is in images, as JSON. */
import { proxy } from 'comlink';
import type { TextPolicy } from '../core/deid/profile';
import { placesOn, type DeviceTemplate } from '../core/detect/device-templates';
import type { Region, TextClass } from '../core/detect/types';
import { runLanes } from '../core/pipeline/lanes';
import type { Result } from '../core/result';
import { ok } from '../core/result';
import type { Terminal } from './anonymize';
import type { DetectCommand } from './arguments';
import { findInputs, refTo, type FileInput } from './inputs';
import { readTemplateFile } from './templates';
import { startPool, type NodePool } from './workers';

/** One frame of one file. Coordinates are image pixels, origin top left. */
export interface DetectedFrame {
  readonly path: string;
  readonly frame: number;
  readonly width: number;
  readonly height: number;
  readonly regions: readonly {
    readonly x: number;
    readonly y: number;
    readonly width: number;
    readonly height: number;
    readonly score: number;
    readonly text?: string;
    readonly textScore?: number;
    /** What it is taken for, why, and what the policy does with it. */
    readonly class: TextClass;
    readonly reason: string;
    readonly action: Region['action'];
  }[];
}

/** @returns the exit code */
export async function detect(
  command: DetectCommand,
  print: (json: string) => void,
  terminal: Terminal,
  signal: AbortSignal,
): Promise<number> {
  const templates = command.templates === undefined ? [] : await readTemplateFile(command.templates);
  const inputs = await findInputs(command.inputs);
  const policy = command.textPolicy ?? 'everything';
  const pool = startPool(command.jobs);
  const found: (readonly DetectedFrame[])[] = inputs.map(() => []);
  let failed = 0;
  try {
    await runLanes(inputs.keys(), command.jobs, async (index) => {
      const input = inputs[index];
      if (input === undefined || signal.aborted) return;
      const frames = await detectIn(pool, input, String(index), { policy, templates }, signal);
      if (frames.ok) found[index] = frames.value;
      else {
        failed++;
        terminal.note(`${input.name}: ${frames.code}: ${frames.message}`);
      }
    });
  } finally {
    pool.dispose();
  }
  print(JSON.stringify(found.flat(), null, 1));
  return failed === 0 && !signal.aborted ? 0 : 2;
}

async function detectIn(
  pool: NodePool,
  input: FileInput,
  id: string,
  { policy, templates }: { readonly policy: TextPolicy; readonly templates: readonly DeviceTemplate[] },
  signal: AbortSignal,
): Promise<Result<readonly DetectedFrame[]>> {
  if (input.refusal !== undefined) return input.refusal;
  const ref = { path: input.path, ref: refTo(input), id };
  const summary = await pool.run(
    (api) => api.inspect(ref),
    () => undefined,
    { signal, affinity: id },
  );
  if (!summary.ok) return summary;
  const { pixels, device } = summary.value;
  if (pixels === null) return ok([]);
  const priors = placesOn(templates, { ...device, columns: pixels.columns, rows: pixels.rows });
  const regions = await pool.run(
    (api, { call, alive }) => api.detect(call, ref, { frames: 'policy', policy, keep: [], priors }, proxy(alive)),
    (api, call) => void api.abort(call),
    { signal, affinity: id },
  );
  if (!regions.ok) return regions;
  return ok(
    Array.from({ length: pixels.frames }, (_, frame) => ({
      path: input.name,
      frame,
      width: pixels.columns,
      height: pixels.rows,
      regions: regions.value.filter((r) => r.frame === 'all' || r.frame === frame).map(plain),
    })),
  );
}

function plain(region: Region): DetectedFrame['regions'][number] {
  const { x, y, width, height, score, text, textScore, textClass, reason, action } = region;
  return {
    x,
    y,
    width,
    height,
    score: score ?? 1,
    ...(text !== undefined && text !== '' && { text }),
    ...(textScore !== undefined && { textScore }),
    class: textClass ?? 'unknown',
    reason: reason ?? 'unknown',
    action,
  };
}
