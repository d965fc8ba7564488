/** Compiles src/kernels to WebAssembly: the arithmetic of the text networks. The same source gives the same bytes. */
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

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

export const kernelSource = fileURLToPath(new URL('../../src/kernels/networks.as.ts', import.meta.url));

const compiler: string = 'assemblyscript/asc';
const options = ['-O3', '--noAssert', '--enable', 'simd', '--runtime', 'stub', '--use', 'abort='];

/** @throws Error with the compiler's message */
export async function compileKernels(): Promise<Uint8Array> {
  const source = await readFile(kernelSource, 'utf8');
  const name = path.basename(kernelSource);
  let made: Uint8Array | undefined;
  const { default: asc } = (await import(compiler)) as { readonly default: Compiler };
  const { error, stderr } = await asc.main([name, '--outFile', 'kernels.wasm', ...options], {
    readFile: (file) => (file === name ? source : null),
    writeFile: (_, contents) => {
      if (typeof contents !== 'string') made = new Uint8Array(contents);
    },
    listFiles: () => [],
  });
  if (error || !made) throw new Error(`the kernels do not compile: ${stderr.toString()}`);
  return made;
}
