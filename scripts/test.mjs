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
/** What failed or came right only at the second try, said again at the end. */
const remarks = [];

function runner(name, script, args, report, count, remarksOf) {
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
  remarks.push(...remarksOf());
}

/** Every test of a Playwright report that did not simply pass. */
function* troubled(suites) {
  for (const suite of suites) {
    yield* troubled(suite.suites ?? []);
    for (const spec of suite.specs ?? [])
      for (const { status } of spec.tests)
        if (status === 'unexpected' || status === 'flaky') yield `${spec.file} › ${spec.title}: ${status}`;
  }
}

const unitReport = join(reports, 'unit.json');
const unitFailures = join(reports, 'unit-failures.txt');
process.env.LETHE_FAILURES = unitFailures;
rmSync(unitFailures, { force: true });
runner(
  'unit and integration',
  'vitest/vitest.mjs',
  [
    'run',
    '--reporter=dot',
    '--reporter=./scripts/lib/failures-reporter.mjs',
    '--reporter=json',
    `--outputFile.json=${unitReport}`,
  ],
  unitReport,
  (r) => ({
    passed: r.numPassedTests,
    failed: r.numFailedTests,
    skipped: r.numPendingTests + (r.numTodoTests ?? 0),
  }),
  () => (existsSync(unitFailures) ? readFileSync(unitFailures, 'utf8').split('\n').filter(Boolean) : ['no report']),
);

const journeyReport = join(reports, 'e2e.json');
process.env.PLAYWRIGHT_JSON_OUTPUT_NAME = journeyReport;
runner(
  'browser',
  'playwright/cli.js',
  ['test', '--reporter=line,json'],
  journeyReport,
  (r) => ({ passed: r.stats.expected + r.stats.flaky, failed: r.stats.unexpected, skipped: r.stats.skipped }),
  () =>
    existsSync(journeyReport) ? [...troubled(JSON.parse(readFileSync(journeyReport, 'utf8')).suites)] : ['no report'],
);

if (total.passed === 0) total.failed = Math.max(1, total.failed);
for (const remark of remarks) say(remark);
process.stdout.write(
  `${total.passed} passed, ${total.failed} failed${total.skipped ? `, ${total.skipped} skipped` : ''}\n`,
);
process.exit(total.failed === 0 ? 0 : 1);
