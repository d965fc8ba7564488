/** For vitest: writes what failed, and what nobody caught, to the file of LETHE_FAILURES, a line each: `npm test` repeats them at its end. */
import { writeFileSync } from 'node:fs';

const firstLine = (error) => String(error?.message ?? error).split('\n', 1)[0];

export default class FailuresReporter {
  onTestRunEnd(modules, unhandled) {
    const lines = unhandled.map((error) => `not caught by anybody: ${firstLine(error)}`);
    for (const module of modules) {
      const name = module.relativeModuleId;
      for (const error of module.errors()) lines.push(`${name}: ${firstLine(error)}`);
      for (const test of module.children.allTests('failed'))
        lines.push(`${name} › ${test.fullName}: ${firstLine(test.result().errors?.[0])}`);
    }
    const file = process.env['LETHE_FAILURES'];
    if (file) writeFileSync(file, lines.map((line) => `${line}\n`).join(''));
  }
}
