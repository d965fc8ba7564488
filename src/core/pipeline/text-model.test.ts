import { expect, it } from 'vitest';
import type { TextEngine } from '../detect';
import { ok } from '../result';
import { TextModel } from './text-model';

/** Engines that only know their number, and whether they are still there. */
function factory() {
  const gone: number[] = [];
  let made = 0;
  const create = () => {
    const number = ++made;
    const engine = { tensors: () => number, useHead: () => undefined, dispose: () => void gone.push(number) };
    return Promise.resolve(ok(engine as unknown as TextEngine));
  };
  return { create, gone };
}

it('keeps its engine from search to search, and gives it up after one that throws', async () => {
  const { create, gone } = factory();
  const model = new TextModel(create);
  const number = async () => {
    const engine = await model.engine();
    return engine.ok ? engine.value.tensors() : NaN;
  };
  expect([await model.inTurn(number), await model.inTurn(number)]).toEqual([1, 1]);
  const lost = model.inTurn(async () => {
    await number();
    throw new Error('a thread was lost');
  });
  const after = model.inTurn(number);
  await expect(lost).rejects.toThrow('a thread was lost');
  expect(await after).toBe(2);
  expect(gone).toEqual([1]);
});
