/**
 * Compiles src/kernels to WebAssembly; the same source gives the same bytes. The arithmetic of the text networks lies beside the models;
 * that of single pixels is small and becomes part of the code: `npm run model:kernels`.
 */
import { readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath, pathToFileURL } from 'node:url';

const folder = new URL('../../src/kernels/', import.meta.url);
const pixelTarget = fileURLToPath(new URL('../../src/core/generated/pixel-module.ts', import.meta.url));

const path = (name: string): string => fileURLToPath(new URL(name, folder));

const networks = ['index', 'attention', 'depthwise', 'numbers', 'paint', 'planes', 'products', 'windows'].map(
  (name) => `networks/${name}.as.ts`,
);

/** All that the arithmetic of the text networks is made of. */
export const kernelSources = networks.map(path);

/** What is used of the compiler. Its own declarations change the types of arrays everywhere: they are kept out. */
interface Compiler {
  main(
    options: readonly string[],
    host: {
      readFile(file: string): string | null;
      writeFile(file: string, contents: string | Uint8Array): void;
      listFiles(): readonly string[];
    },
  ): Promise<{ readonly error: Error | null; readonly stderr: { toString(): string } }>;
}

const compiler: string = 'assemblyscript/asc';
const options = ['--noAssert', '--enable', 'simd', '--runtime', 'stub', '--use', 'abort='];

/** The memory comes from outside: several threads compute in one. Pages of 64 KiB: what there is at first, and at most (`module.ts`). */
const shared = [
  '--enable',
  'threads',
  '--importMemory',
  '--sharedMemory',
  '--initialMemory',
  '1',
  '--maximumMemory',
  '16384',
];

/** The arithmetic of the text networks. @throws Error with the compiler's message */
export function compileKernels(): Promise<Uint8Array> {
  return compile(networks, ['-O3', ...shared]);
}

/** The file with the arithmetic of pixels. @throws Error with the compiler's message */
export async function pixelModuleFile(): Promise<string> {
  const code = Buffer.from(await compile(['pixels.as.ts'], ['-Oz'])).toString('base64');
  return `/** src/kernels/pixels.as.ts, compiled by \`npm run model:kernels\`. */\nexport const pixelModule =\n  '${code}';\n`;
}

/** @param names the entry first */
async function compile(names: readonly string[], own: readonly string[]): Promise<Uint8Array> {
  const sources = new Map(
    await Promise.all(names.map(async (name) => [name, await readFile(path(name), 'utf8')] as const)),
  );
  const { default: asc } = (await import(compiler)) as { readonly default: Compiler };
  const [entry = ''] = names;
  let made: Uint8Array | undefined;
  const { error, stderr } = await asc.main([entry, '--outFile', 'made.wasm', ...own, ...options], {
    readFile: (file) => sources.get(file) ?? null,
    writeFile: (_, contents) => {
      if (typeof contents !== 'string') made = new Uint8Array(contents);
    },
    listFiles: () => [],
  });
  if (error || !made) throw new Error(`${entry} does not compile: ${stderr.toString()}`);
  return made;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  await writeFile(pixelTarget, await pixelModuleFile());
  console.log('pixel kernels: src/core/generated/pixel-module.ts');
}
