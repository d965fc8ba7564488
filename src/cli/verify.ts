/** `lethe verify`: whether an output is still what its record says. Needs neither the key nor the inputs. */
import { readdir, readFile } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { checkFiles, readReport, type RecordProblem } from '../core/audit/check';
import { reportName } from '../core/audit/record';
import { hashSource } from '../core/pipeline/hash';
import { UsageError, type VerifyCommand } from './arguments';
import { fileSource } from './file-source';
import { nativeHash } from './native-hash';

const sentences: Readonly<Record<RecordProblem['kind'], string>> = {
  'altered-record': 'the record was changed',
  'missing-file': 'is in the record, but not in the folder',
  'altered-file': 'was changed',
  'unlisted-file': 'is not in the record',
  'no-hash': 'has no hash in the record',
};

/** @returns the exit code */
export async function verify(command: VerifyCommand, print: (text: string) => Promise<void>): Promise<number> {
  const text = await readFile(command.report, 'utf8').catch(() => {
    throw new UsageError(`The record '${command.report}' can't be read.`);
  });
  const report = readReport(text);
  if (!report.ok) {
    await print(`${report.message}\n`);
    return 2;
  }
  const files = await filesBelow(command.folder);
  const problems = await checkFiles(report.value, files, (path) =>
    hashSource(fileSource(join(command.folder, path)), nativeHash),
  );
  for (const { kind, path = '' } of problems) await print(`${path}: ${sentences[kind]}\n`);
  const listed = report.value.totals.statuses.exported;
  if (problems.length === 0) await print(`The record is unchanged, and all ${listed} files are as recorded.\n`);
  return problems.length === 0 ? 0 : 2;
}

async function filesBelow(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => {
    throw new UsageError(`The folder '${folder}' can't be read.`);
  });
  return (
    entries
      .filter((entry) => !entry.isDirectory())
      .map((entry) => relative(folder, join(entry.parentPath, entry.name)).split(sep).join('/'))
      // A record may lie beside what it is about.
      .filter((path) => path !== reportName)
      .sort()
  );
}
