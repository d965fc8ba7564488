import type { Finding } from '../types';
import { isRegisteredUid } from '../../dicom/uids';
import { SoughtValues } from '../needles';
import type { IdentityFacts } from '../../deid/context';
import type { Check } from './types';

/** The output's place below the chosen folder tells nothing and leads nowhere else. */
export const outputName: Check = {
  name: 'name',
  proves: 'The path of the output holds no identifying value and stays below the output folder.',
  run: ({ input, output }) => nameFindings(output.outputPath, input.identity, input.plan.originals()),
};

/** Findings about an output path. `originals`: removed values, of which the UIDs are looked for. */
export function nameFindings(
  outputPath: string,
  identity: IdentityFacts,
  originals: readonly string[],
): readonly Finding[] {
  const findings: Finding[] = [];
  const report = (message: string) => findings.push({ check: 'name', severity: 'block', message });
  const steps = outputPath.split('/');
  if (steps.some((s) => s === '' || s === '.' || s === '..') || /[\\:*?"<>|\p{Cc}]/u.test(outputPath)) {
    report('The name of the output could lead out of its folder, or is not valid everywhere.');
  }
  const sought = new SoughtValues(() => []);
  sought.addIdentity(identity);
  for (const value of originals)
    if (/^[012](\.\d+)+$/.test(value) && !isRegisteredUid(value)) sought.addOriginal(value);
  const bytes = new TextEncoder().encode(outputPath.normalize('NFC'));
  const state = { found: false };
  sought.index.search(bytes, 0, bytes.length, (hit) => {
    const isWord = (b: number | undefined) => b !== undefined && /[A-Za-z0-9]/.test(String.fromCharCode(b));
    state.found ||= !hit.value.wordOnly || !(isWord(bytes[hit.start - 1]) || isWord(bytes[hit.end]));
  });
  if (state.found) report('The name of the output holds an identifying value.');
  return findings;
}
