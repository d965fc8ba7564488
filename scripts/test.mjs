/**
 * `npm test`: sets everything up (a Chromium too) and runs every test: unit and integration in Node, then the journeys in
 * Chromium against the production build. Ends with the line `N passed, N failed`.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { findChromium } from './lib/chromium.mjs';
import { buildCli, buildPage, installDependencies, makeModels, makeSamples, root, say } from './lib/setup.mjs';

installDependencies();
makeModels();
makeSamples();
buildPage();
buildCli();
const chromium = await findChromium();

const reports = join(root, '.cache', 'reports');
mkdirSync(reports, { recursive: true });
const total = { passed: 0, failed: 0, skipped: 0 };

function runner(name, script, args, report, count) {
  rmSync(report, { force: true });
  say(`running the ${name} tests…`);
  const done = spawnSync(process.execPath, [join(root, 'node_modules', script), ...args], {
    cwd: root,
    stdio: ['ignore', 2, 2],
    env: { ...process.env, CHROMIUM_PATH: chromium, FORCE_COLOR: '0' },
  });
  const counts = existsSync(report)
    ? count(JSON.parse(readFileSync(report, 'utf8')))
    : { passed: 0, failed: 1, skipped: 0 };
  // A runner that fails without a failed test (a file that did not load, a hang) has failed all the same.
  if (done.status !== 0 && counts.failed === 0) counts.failed = 1;
  for (const key of Object.keys(total)) total[key] += counts[key];
}

const unitReport = join(reports, 'unit.json');
runner(
  'unit and integration',
  'vitest/vitest.mjs',
  ['run', '--reporter=dot', '--reporter=json', `--outputFile.json=${unitReport}`],
  unitReport,
  (r) => ({
    passed: r.numPassedTests,
    failed: r.numFailedTests,
    skipped: r.numPendingTests + (r.numTodoTests ?? 0),
  }),
);

const journeyReport = join(reports, 'e2e.json');
process.env.PLAYWRIGHT_JSON_OUTPUT_NAME = journeyReport;
runner('browser', 'playwright/cli.js', ['test', '--reporter=line,json'], journeyReport, (r) => ({
  passed: r.stats.expected + r.stats.flaky,
  failed: r.stats.unexpected,
  skipped: r.stats.skipped,
}));

if (total.passed === 0) total.failed = Math.max(1, total.failed);
process.stdout.write(
  `${total.passed} passed, ${total.failed} failed${total.skipped ? `, ${total.skipped} skipped` : ''}\n`,
);
process.exit(total.failed === 0 ? 0 : 1);
