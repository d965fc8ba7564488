/**
 * Compiles src/kernels to WebAssembly; the same source gives the same bytes. The arithmetic of the text networks lies beside the models;
 * that of single pixels is small and becomes part of the code: `npm run model:kernels`.
 */
import { readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath, pathToFileURL } from 'node:url';

const folder = new URL('../../src/kernels/', import.meta.url);
export const kernelSource = fileURLToPath(new URL('networks.as.ts', folder));
const pixelTarget = fileURLToPath(new URL('../../src/core/generated/pixel-module.ts', import.meta.url));

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

/** The arithmetic of the text networks. @throws Error with the compiler's message */
export function compileKernels(): Promise<Uint8Array> {
  return compile('networks.as.ts', '-O3');
}

/** The file with the arithmetic of pixels. @throws Error with the compiler's message */
export async function pixelModuleFile(): Promise<string> {
  const code = Buffer.from(await compile('pixels.as.ts', '-Oz')).toString('base64');
  return `/** src/kernels/pixels.as.ts, compiled by \`npm run model:kernels\`. */\nexport const pixelModule =\n  '${code}';\n`;
}

async function compile(name: string, optimise: string): Promise<Uint8Array> {
  const source = await readFile(fileURLToPath(new URL(name, folder)), 'utf8');
  const { default: asc } = (await import(compiler)) as { readonly default: Compiler };
  let made: Uint8Array | undefined;
  const { error, stderr } = await asc.main([name, '--outFile', 'made.wasm', optimise, ...options], {
    readFile: (file) => (file === name ? source : null),
    writeFile: (_, contents) => {
      if (typeof contents !== 'string') made = new Uint8Array(contents);
    },
    listFiles: () => [],
  });
  if (error || !made) throw new Error(`${name} does not compile: ${stderr.toString()}`);
  return made;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  await writeFile(pixelTarget, await pixelModuleFile());
  console.log('pixel kernels: src/core/generated/pixel-module.ts');
}
