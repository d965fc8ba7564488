/** Which inputs are archives that hold others, and where those are then said to be. */

/** By its name: office documents are ZIPs as well, and nobody means their insides. */
export const isArchiveName = (path: string): boolean => /\.zip$/i.test(path);

/** By its first four bytes: an entry, or the end of an archive without any. */
export function looksLikeZip(head: Uint8Array): boolean {
  return head[0] === 0x50 && head[1] === 0x4b && ((head[2] === 3 && head[3] === 4) || (head[2] === 5 && head[3] === 6));
}

/** 'scans/Doe.zip', 'IM1' → 'scans/Doe/IM1': as if the archive had been unpacked beside itself. */
export function pathInArchive(archive: string, entry: { readonly path: string }): string {
  return `${archive.replace(/\.zip$/i, '')}/${entry.path}`;
}
