/** Minimal shape of WebGPU's entry point: TypeScript's library does not have it. */
interface Gpu {
  requestAdapter(): Promise<{
    readonly isFallbackAdapter?: boolean;
    readonly info?: { readonly vendor?: string; readonly architecture?: string; readonly isFallbackAdapter?: boolean };
  } | null>;
}

/** A real GPU, if there is one. Software ones (SwiftShader, llvmpipe) are many times slower than wasm and are left out. */
export async function hardwareAccelerators(): Promise<readonly 'webgpu'[]> {
  const { gpu } = navigator as { readonly gpu?: Gpu };
  const adapter = await gpu?.requestAdapter().catch(() => null);
  if (adapter === null || adapter === undefined) return [];
  const { info } = adapter;
  const software =
    adapter.isFallbackAdapter === true ||
    info?.isFallbackAdapter === true ||
    /swiftshader|llvmpipe|software/i.test(`${info?.vendor ?? ''} ${info?.architecture ?? ''}`);
  return software ? [] : ['webgpu'];
}
