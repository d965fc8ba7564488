/** Threads that help in tests and scripts, which run from TypeScript: the helper's file imports nothing, so that it runs by itself. */
import { readFileSync } from 'node:fs';
import { Worker } from 'node:worker_threads';
import ts from 'typescript';
import { nodeHelpers } from '../../src/cli/helpers';
import type { Helpers } from '../../src/core/detect';

const source = new URL('../../src/core/detect/kernels/team.ts', import.meta.url);

export function scriptHelpers(count: number): Helpers {
  const { outputText } = ts.transpileModule(readFileSync(source, 'utf8'), {
    compilerOptions: { target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.ES2022 },
  });
  const code = `import { workerData } from 'node:worker_threads';\n${outputText}\nhelp(workerData);`;
  const address = new URL(`data:text/javascript,${encodeURIComponent(code)}`);
  return nodeHelpers(count, (workerData) => new Worker(address, { workerData }));
}
