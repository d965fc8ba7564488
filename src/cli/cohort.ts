/** `lethe cohort`: how re-identifiable a set still is, and the least lossy policy that makes it less so. */
import { writeFile } from 'node:fs/promises';
import type { Profile } from '../core/deid/profile';
import { formatProfile } from '../core/deid/profile-json';
import {
  combinations,
  studyCohort,
  usualAttributes,
  type Study,
  type StudyRequest,
} from '../core/privacy/cohort/study';
import type { Assessment } from '../core/privacy/cohort/assess';
import { mostNodes } from '../core/privacy/cohort/search';
import { gather } from './gather';
import type { CohortCommand } from './privacy-arguments';
import { readKey, readProfile } from './settings';
import { UsageError } from './usage';

/** @returns the exit code: 0 when what was asked for can be reached, 2 when not */
export async function cohort(
  command: CohortCommand,
  print: (text: string) => Promise<void>,
  signal: AbortSignal,
): Promise<number> {
  const profile = await readProfile(command);
  const { key } = await readKey(command.key);
  const request: StudyRequest = {
    attributes: (command.by ?? usualAttributes(profile)).map((name) => ({ name })),
    k: command.k,
    sensitive: command.sensitive,
    mostLeftOut: command.leaveOut,
    metric: 'entropy',
    fraction: command.fraction,
    threshold: 0.2,
  };
  if (combinations(request) > mostNodes) throw new UsageError('These are too many attributes at once: name fewer with --by.');
  const { records, unread } = await gather(command.inputs, { profile, key, jobs: command.jobs }, 'records', signal);
  const study = studyCohort(records, request);
  await print(command.json ? `${JSON.stringify({ unread, ...study }, null, 1)}\n` : report(study, command, unread));
  if (command.save !== undefined && study.best !== null) {
    const policy: Profile['cohort'] = { attributes: study.best.steps, k: command.k, sensitive: command.sensitive };
    await writeFile(command.save, formatProfile({ ...profile, cohort: policy }), { flag: 'wx' }).catch(() => {
      throw new UsageError(`'${command.save ?? ''}' can't be written: it exists, or you may not write there.`);
    });
    await print(`The profile with this policy is in ${command.save}: lethe anonymize … --profile ${command.save}\n`);
  }
  return study.best === null ? 2 : 0;
} // prettier-ignore

const percent = (share: number): string => `${(share * 100).toFixed(1)} %`;

function table(found: Assessment): string {
  const { risk } = found;
  const lines = [
    `  patients ${found.persons}, different records ${found.rows}, groups ${found.classes}`,
    `  smallest group (k) ${found.k}, mean ${found.meanClass.toFixed(1)}`,
  ];
  if (risk !== null) {
    lines.push(`  risk, one who knows a patient is in it: highest ${percent(risk.prosecutor.highest)}, mean ${percent(risk.prosecutor.mean)}`);
    lines.push(`  risk, one who looks for anybody:        highest ${percent(risk.journalist.highest)}, mean ${percent(risk.journalist.mean)}`);
    lines.push(`  records above ${percent(risk.threshold)}: ${percent(risk.shareAbove)}, alone: ${risk.unique}`);
  }
  for (const s of found.sensitive) {
    lines.push(`  ${s.attribute}: at least ${s.distinct} values, as diverse as ${s.entropy.toFixed(2)}, furthest from the whole ${s.distance.toFixed(3)}`);
  }
  const sizes = found.sizes.map((b) => `${b.from === b.to ? b.from : b.to === Infinity ? `${b.from}+` : `${b.from}-${b.to}`}: ${b.classes}`);
  lines.push(`  groups by size: ${sizes.join(', ') || 'none'}`);
  return `${lines.join('\n')}\n`;
} // prettier-ignore

function report({ attributes, before, best, nodes, checked }: Study, command: CohortCommand, unread: number): string {
  const facts = attributes.map((a) => `  ${a.name}: ${a.distinct} different values, ${a.empty} files without`).join('\n');
  const head = `What stays of the headers under the profile (${unread} files would not be exported and do not count):\n${facts}\n\nAs it is:\n${table(before)}`;
  if (best === null) {
    return `${head}\nNo combination of steps (${checked} of ${nodes} looked at) reaches what was asked. Allow some records to be left out (--leave-out 0.05), or ask for less.\n`;
  }
  const steps = Object.entries(best.steps).map(([name, step]) => `  ${name}: ${step}`).join('\n');
  return `${head}\nThe least loss that reaches k = ${command.k} (${checked} of ${nodes} combinations looked at):\n${steps}\n  ${best.leftOut} records left out, ${percent(best.after.loss)} of what the characteristics tell is lost\n\nThen:\n${table(best.after)}`;
} // prettier-ignore
