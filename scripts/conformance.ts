/**
 * De-identifies files with the core and compares what dciodvfy (dicom3tools) says about each before and after: an error that the
 * input did not have is reported; then what dcentvfy says about the files of each folder as a whole. `npx tsx scripts/conformance.ts [--profile NAME] FOLDER…`; exit status 1 on new errors.
 */
import { execFile } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { isSourceRange } from '../src/core/bytes';
import { collectIdentity } from '../src/core/deid/identity';
import { makePlan } from '../src/core/deid/make-plan';
import type { Profile } from '../src/core/deid/profile';
import { isReadyProfileName, readyProfileNames, readyProfiles } from '../src/core/deid/profiles';
import { refusalOf } from '../src/core/deid/refusals';
import { parseDicomBytes } from '../src/core/dicom/parse';
import { writeDicom } from '../src/core/dicom/write';

const run = promisify(execFile);
const key = new Uint8Array(32).fill(11);

/** Attributes that Table E.1-1 removes (X) although some IOD requires them: the table wins. */
const contradictions =
  /<(?:PresentationCreationDate|PresentationCreationTime|ResponsiblePerson|ResponsibleOrganization|ReasonForRequestedProcedureCodeSequence)>|ReferencedSeriesSequence present but Instance does not reference/;

/** The output of one file's bytes; undefined when it is not DICOM or is refused. */
export function deidentified(bytes: Uint8Array, path: string, profile: Profile): Uint8Array | undefined {
  const parsed = parseDicomBytes(bytes);
  if (!parsed.ok || refusalOf(parsed.value) !== null) return undefined;
  const file = parsed.value;
  const plan = makePlan(file, profile, { key, identity: collectIdentity(file, path) });
  const parts = writeDicom(file, plan);
  return Buffer.concat(parts.map((p) => (isSourceRange(p) ? file.bytes(p.start, p.end) : p)));
}

/** Errors by their text, with UIDs, dates and other long numbers blanked out. */
async function errorsOf(path: string): Promise<Map<string, number>> {
  const result = await run('dciodvfy', [path], { encoding: 'latin1', timeout: 120_000, maxBuffer: 1 << 28 }).catch(
    (error: unknown) => error as { stderr?: string },
  );
  const counts = new Map<string, number>();
  for (const line of (result.stderr ?? '').split('\n')) {
    if (!line.startsWith('Error')) continue;
    const text = line.replace(/= <.*> - |(?<=[ <])\d[\d.]*(?=>|$)|\d{6,}/g, '#');
    counts.set(text, (counts.get(text) ?? 0) + 1);
  }
  return counts;
}

/** Errors of the output that the input does not have, without those where the standard contradicts itself. */
export async function newErrors(input: string, output: string): Promise<readonly string[]> {
  const [before, after] = [await errorsOf(input), await errorsOf(output)];
  // Where it gave up on the input, or could not tell what it is, there is nothing to compare with.
  if ([...before.keys()].some((text) => /dataset read failed|Information Object Not found/.test(text))) return [];
  return [...after]
    .filter(([text, n]) => n > (before.get(text) ?? 0) && !contradictions.test(text))
    .map(([text]) => text);
}

/**
 * What dcentvfy (dicom3tools) says of files as a whole: attributes of one patient, study, series or frame of reference that are
 * not the same in all its instances. Which attributes differ, with their values and files left out.
 */
async function inconsistencies(paths: readonly string[]): Promise<ReadonlySet<string>> {
  const result = await run('dcentvfy', [...paths], { encoding: 'latin1', timeout: 300_000, maxBuffer: 1 << 28 }).then(
    (done) => done,
    (error: unknown) => error as { stdout?: string; stderr?: string },
  );
  const lines = `${result.stdout ?? ''}\n${result.stderr ?? ''}`.split('\n').filter((line) => line.startsWith('Error'));
  return new Set(lines.map((line) => line.replace(/<[^>]*>|"[^"]*"|\d+(?:\.\d+)+|\/\S+/g, '#')));
}

function filesBelow(path: string): string[] {
  if (statSync(path).isFile()) return [path];
  return readdirSync(path)
    .sort()
    .flatMap((name) => filesBelow(join(path, name)));
}

async function main(args: string[]): Promise<number> {
  const at = args.indexOf('--profile');
  const name = at < 0 ? 'basic' : (args[at + 1] ?? '');
  if (!isReadyProfileName(name)) {
    console.error(`conformance: the profile is one of ${readyProfileNames.join(', ')}`);
    return 2;
  }
  const folders = args.filter((_, i) => at < 0 || (i !== at && i !== at + 1));
  const folder = mkdtempSync(join(tmpdir(), 'lethe-conformance-'));
  let compared = 0;
  let worse = 0;
  const folderPairs = new Map<string, { inputs: string[]; outputs: string[] }>();
  for (const path of folders.flatMap(filesBelow)) {
    const output = deidentified(new Uint8Array(readFileSync(path)), path, readyProfiles[name]);
    if (output === undefined) continue;
    const to = join(folder, `${++compared}.dcm`);
    writeFileSync(to, output);
    const pair = folderPairs.get(dirname(path)) ?? { inputs: [], outputs: [] };
    folderPairs.set(dirname(path), pair);
    pair.inputs.push(path);
    pair.outputs.push(to);
    const found = await newErrors(path, to);
    if (found.length > 0) worse++;
    for (const text of found) console.log(`${path}: ${text}`);
  }
  let torn = 0;
  let whole = 0;
  for (const [where, { inputs, outputs }] of folderPairs) {
    const before = await inconsistencies(inputs);
    // It gives up at what it cannot read: then the rest of the folder was not looked at.
    if ([...before].some((text) => text.includes('read failed'))) continue;
    whole++;
    const found = [...(await inconsistencies(outputs))].filter((text) => !before.has(text));
    if (found.length > 0) torn++;
    for (const text of found) console.log(`${where}: ${text}`);
  }
  rmSync(folder, { recursive: true });
  console.log(`conformance: ${compared} files compared under '${name}', ${worse} with new errors`);
  console.log(`conformance: ${whole} folders compared as a whole, ${torn} with new inconsistencies`);
  return worse + torn > 0 ? 1 : 0;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) process.exitCode = await main(process.argv.slice(2));
