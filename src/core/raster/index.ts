/** Plain images of every kind that is read. `openRaster` opens them all; the functions on bytes are those of PNG and JPEG. */
export { openRaster } from './open';
export { sniffRaster } from './sniff';
export { decodeRaster, rasterFacts, redactRaster, storedImage, stripRaster } from './whole';
export {
  type RasterFacts, type RasterFile, type RasterKind, type RectsOf, type RemovedPiece, type ShownImage, type StoredImage,
  type StrippedRaster, noRects,
} from './types'; // prettier-ignore
