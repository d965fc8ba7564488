import type { FindingMessage } from '../messages';
import type { Finding } from '../types';
import { isCommon } from '../common-words';
import type { SoughtValues } from '../needles';
import type { Check } from './types';

/** The output's place below the chosen folder tells nothing and leads nowhere else. */
export const outputName: Check = {
  name: 'name',
  proves: 'The path of the output holds no identifying value and stays below the output folder.',
  run: ({ output, sought }) => nameFindings(output.outputPath, sought),
};

/** Findings about an output path. */
export function nameFindings(outputPath: string, sought: SoughtValues): readonly Finding[] {
  const findings: Finding[] = [];
  const report = (message: FindingMessage) => findings.push({ check: 'name', severity: 'block', message });
  const steps = outputPath.split('/');
  if (steps.some((s) => s === '' || s === '.' || s === '..') || /[\\:*?"<>|\p{Cc}]/u.test(outputPath)) {
    report('The name of the output could lead out of its folder, or is not valid everywhere.');
  }
  const bytes = new TextEncoder().encode(outputPath.normalize('NFC'));
  const state = { found: false };
  sought.index.search(bytes, 0, bytes.length, (hit) => {
    const { kind, text, wordOnly } = hit.value;
    const isWord = (b: number | undefined) => b !== undefined && /[A-Za-z0-9]/.test(String.fromCharCode(b));
    if (wordOnly && (isWord(bytes[hit.start - 1]) || isWord(bytes[hit.end]))) return;
    // A part of the default names may well be what a header said ('CT 1').
    if (kind === 'original' || (kind !== 'uid' && isCommon(text))) return;
    state.found = true;
  });
  if (state.found) report('The name of the output holds an identifying value.');
  return findings;
}
