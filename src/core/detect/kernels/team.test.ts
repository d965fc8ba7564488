import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { freshModels } from '../../../../scripts/model/node-models';
import { scriptHelpers } from '../../../../scripts/model/node-helpers';
import { Layers } from './layers';
import { KernelModule, swish } from './module';
import { cuttable, help, Team, type Helpers, type Invitation, type Kernels } from './team';

let bytes: ArrayBuffer;
let code: WebAssembly.Module;
beforeAll(async () => {
  bytes = await (await freshModels()).read('kernels.wasm');
  code = await WebAssembly.compile(bytes);
});

const ends: (() => void)[] = [];
afterEach(() => {
  for (const end of ends.splice(0)) end();
});

const newMemory = () => new WebAssembly.Memory({ initial: 4, maximum: 16384, shared: true });
const room = { at: 0, step: 0 };

/** Kernels that note what they are given and take a while, so that others get their turn. */
function noting(): { readonly own: Kernels; readonly units: number[] } {
  const units: number[] = [];
  const note = (...all: readonly number[]): void => {
    const [from = 0, to = 0] = all.slice(-3);
    for (let i = from; i < to; i++) units.push(i);
    for (const start = performance.now(); performance.now() - start < 2;);
  };
  return { own: Object.fromEntries(cuttable.map((name) => [name, note])) as unknown as Kernels, units };
}

function teamOf(helpers: Helpers, own: Kernels, memory = newMemory(), patience?: number): Team {
  const team = new Team(helpers, code, memory, own, patience);
  ends.push(() => team.dispose());
  return team;
}

const nobody: Helpers = { count: 1, start: () => () => undefined };

describe('a team', () => {
  it('does every unit once, by itself where no helper has come', () => {
    const { own, units } = noting();
    teamOf(nobody, own).run('peaks', [], 10, 4, room);
    expect(units.sort((a, b) => a - b)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
  });

  it('shares with two helpers, and all units are done when it returns', async () => {
    const memory = newMemory();
    const { own, units } = noting();
    const team = teamOf(scriptHelpers(2), own, memory);
    const numbers = new Float32Array(memory.buffer, 4096, 4 * 400).fill(-7);
    const out = new Float32Array(memory.buffer, 65536, 400);
    let others = 0;
    // The threads need a moment to start.
    for (let i = 0; i < 400 && others < 40; i++) {
      out.fill(0);
      units.length = 0;
      team.run('peaks', [numbers.byteOffset, 4, out.byteOffset], 40, 20, room);
      const here = new Set(units);
      expect(here.size).toBe(units.length);
      // What was not done here was done by a real kernel.
      for (let unit = 0; unit < 40; unit++) expect(out[unit]).toBe(here.has(unit) ? 0 : 7);
      others += 40 - units.length;
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    expect(others).toBeGreaterThanOrEqual(40);
  });

  it('says so when a helper fails, and does no more', async () => {
    const { own } = noting();
    const team = teamOf(scriptHelpers(1), own);
    const outside = [2 ** 30, 4, 2 ** 30];
    const tries = async (): Promise<void> => {
      for (let i = 0; i < 400; i++) {
        team.run('peaks', outside, 40, 20, room);
        await new Promise((resolve) => setTimeout(resolve, 5));
      }
    };
    await expect(tries()).rejects.toThrow('has failed');
    expect(() => team.run('peaks', [4096, 4, 8192], 2, 2, room)).toThrow('was lost');
  });

  it('says so when a helper does not answer, and does no more', () => {
    let board: Int32Array | undefined;
    const silent: Helpers = {
      count: 1,
      start: (invitation) => {
        board = new Int32Array(invitation.board);
        return () => undefined;
      },
    };
    const { own, units } = noting();
    const takes: Kernels = {
      ...own,
      peaks: (...all) => {
        // Somebody takes the last piece and is never heard of again.
        if (units.length === 0 && board) Atomics.sub(board, 0, 1 << 16);
        own.peaks(...all);
      },
    };
    const team = teamOf(silent, takes, newMemory(), 2);
    expect(() => team.run('peaks', [], 10, 10, room)).toThrow('does not answer');
    expect(units).toHaveLength(9);
    expect(() => team.run('peaks', [], 10, 10, room)).toThrow('was lost');
  });

  it('does not help where the module is no module of kernels', () => {
    const other = new WebAssembly.Module(Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0));
    const board = new SharedArrayBuffer(512);
    // One piece is open.
    new Int32Array(board)[0] = 1 << 16;
    const invitation: Invitation = { code: other, memory: newMemory(), board, place: 1 };
    help(invitation);
    expect([...new Int32Array(board).slice(32, 35)]).toEqual([0, 0, 1]);
  });
});

describe('a module with helpers', () => {
  it('computes the same as without, layer by layer, and ends its threads', async () => {
    const modules = [await KernelModule.load(bytes), await KernelModule.load(bytes, scriptHelpers(1))];
    const noise = (count: number, seed: number) =>
      Float32Array.from({ length: count }, (_, i) => Math.sin(i * 12.9898 + seed) * 2);
    const results = modules.map((module) => {
      const layers = new Layers(module);
      const shape = [3, 3, 24, 64] as const;
      const own = { input: '', output: '', depthwise: false, down: 1, across: 1, activation: swish };
      const wide = layers.convolution({
        ...{ ...own, shape, values: noise(9 * 24 * 64, 1), bias: noise(64, 2), top: 1, left: 1 },
      });
      const block = layers.block({
        spatial: {
          ...{ ...own, depthwise: true, shape: [5, 5, 64, 1], values: noise(25 * 64, 3), bias: noise(64, 4) },
          ...{ top: 2, left: 2 },
        },
        gate: null,
        mixing: { ...own, shape: [1, 1, 64, 96], values: noise(64 * 96, 5), bias: noise(96, 6), top: 0, left: 0 },
      });
      const sums: Float32Array[] = [];
      for (let round = 0; round < 30; round++) {
        const x = { at: module.put(noise(2 * 40 * 50 * 24, 7)), images: 2, height: 40, width: 50, channels: 24 };
        const out = layers.runBlock(layers.convolve(x, wide), block);
        sums.push(module.floats(out.at, 2 * 40 * 50 * 96).slice());
        for (const at of [x.at, out.at]) module.give(at);
      }
      return sums;
    });
    const [alone, together] = results;
    for (const sums of together ?? []) expect(sums).toEqual(alone?.[0]);
    for (const module of modules) module.dispose();
  });
});
