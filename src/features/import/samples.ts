/** The sample study: made by the project, holds invented people only, served beside the page. */
import { array, object, parse, string } from 'valibot';
import type { Collected } from './read-drop';

const listSchema = object({ files: array(string()) });

/** Fetches the sample files. Rejects when they are not there. */
export async function loadSamples(base = './samples/'): Promise<Collected> {
  const response = await fetch(`${base}index.json`);
  if (!response.ok) throw new Error('no samples');
  const { files } = parse(listSchema, await response.json());
  const inputs = await Promise.all(
    files.map(async (path) => {
      const file = await fetch(base + path.split('/').map(encodeURIComponent).join('/'));
      if (!file.ok) throw new Error('no sample');
      return { path, file: new File([await file.blob()], path.split('/').at(-1) ?? path) };
    }),
  );
  return { inputs, unreadable: 0, tooMany: false };
}
