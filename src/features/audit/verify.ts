/** Checks a folder or archive against the record that came with it, without network, key or inputs. */
import type { FileInput } from '../../client/types';
import { checkFiles, readReport, type RecordProblem } from '../../core/audit/check';
import { reportName } from '../../core/audit/record';
import { fail, ok, type Result } from '../../core/result';
import { getClient } from '../session';

export interface Verdict {
  /** Files that the record lists. */
  readonly listed: number;
  readonly problems: readonly RecordProblem[];
}

/** `path` begins with the name of what was opened; the record speaks of what is below it. */
const below = (path: string): string => path.slice(path.indexOf('/') + 1);

/**
 * @param files everything that was opened, the record among them
 * Errors: 'malformed' when there is no record, or it was changed; 'read-failed'.
 */
export async function verifyOutput(
  files: readonly FileInput[],
  onProgress: (done: number, total: number) => void,
): Promise<Result<Verdict>> {
  const record = files.find((f) => below(f.path) === reportName);
  if (record === undefined) return fail('malformed', 'There is no record in what was opened.');
  const text = await textOf(record);
  if (text === null) return fail('read-failed', 'The record can not be read.');
  const report = readReport(text);
  if (!report.ok) return report;
  const others = new Map(files.filter((f) => f !== record).map((f) => [below(f.path), f]));
  let done = 0;
  const problems = await checkFiles(report.value, [...others.keys()], async (path) => {
    const input = others.get(path);
    const hash = input === undefined ? null : await getClient().hash(input);
    onProgress(++done, others.size);
    // What can't be read is not what was recorded.
    return hash?.ok === true ? hash.value : '';
  });
  return ok({ listed: report.value.totals.statuses.exported, problems });
}

/** The record of an archive is stored in it as it is: the archives that Lethe writes do not deflate. */
async function textOf({ file, packed }: FileInput): Promise<string | null> {
  try {
    if (packed === undefined) return await file.text();
    const { packedSource } = await import('../../core/pipeline/packed');
    const source = packedSource({ file, packed });
    return new TextDecoder().decode(await source.read(0, source.size));
  } catch {
    return null;
  }
}
