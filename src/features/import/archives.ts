/** Takes ZIPs apart: each of their files becomes an input. Listed in a worker; unpacked there too, file by file, when it is read. */
import type { FileInput } from '../../client/types';
import { isArchiveName, looksLikeZip, pathInArchive } from '../../core/archive/archive';
import { isRefused } from '../../core/archive/zip-directory';
import { failure } from '../../core/pipeline/errors';
import { cutOut } from '../../core/pipeline/packed';
import { getClient } from '../session';

export async function unpackArchives(inputs: readonly FileInput[]): Promise<readonly FileInput[]> {
  if (!inputs.some(({ path }) => isArchiveName(path))) return inputs;
  const all: FileInput[] = [];
  for (const input of inputs) {
    if (!isArchiveName(input.path)) all.push(input);
    // One by one: spreading a list of 100,000 would overflow the stack.
    else for (const entry of await unpack(input)) all.push(entry);
  }
  return all;
}

async function unpack(input: FileInput): Promise<readonly FileInput[]> {
  const { file: archive, path } = input;
  const head = await archive
    .slice(0, 4)
    .arrayBuffer()
    .catch(() => null);
  if (head === null || !looksLikeZip(new Uint8Array(head))) return [input];
  const listed = await getClient().list(archive);
  if (!listed.ok) return [{ ...input, refusal: listed }];
  return listed.value.map((entry) => {
    const inside = pathInArchive(path, entry);
    const name = entry.path.split('/').at(-1) ?? '';
    const { lastModified } = archive;
    if (isRefused(entry)) {
      return { path: inside, file: new File([], name, { lastModified }), refusal: failure(entry.code) };
    }
    const { file, packed } = cutOut(archive, entry);
    return { path: inside, file: new File([file], name, { lastModified }), packed };
  });
}
