/**
 * The arithmetic of the text networks: products of 16-bit whole numbers (SIMD), everything else in single precision.
 * Images are NHWC of f32, channels a multiple of 4; all pointers are aligned to 16 bytes. Nothing here allocates or checks:
 * src/core/detect/kernels plans the memory and the shapes. Several threads may run this on one memory: what takes `from`, `to` and
 * `scratch` as its last arguments does a part of the work, and needs room of its own.
 */
export { multiply, packMatrix } from './products.as';
export { convolve, peaks, round } from './windows.as';
export { depthwise } from './depthwise.as';
export { add, addEnlarged, addWindows, copyChannels, dense, gate, mean, poolThreeByTwo } from './planes.as';
export { cut, fill, paint, unpack } from './paint.as';
export { attend, bestOf, normalise } from './attention.as';

export function heapBase(): usize {
  return (__heap_base + 63) & ~63;
}
