/** What a generator is: it turns the standard's tables into one source file of `src/core/generated`. */
export interface Generator {
  /** Path of the file that is written, from the repository's root. */
  readonly output: string;
  /** Makes the whole text of the file. `table` reads one JSON file of the standard by its name. */
  make(table: (name: string) => unknown): string;
}

/** First lines of every generated file. */
export function header(edition: string): string {
  return `// Made by "npm run generate" from the tables of the standard; not written by hand.\n// Edition: ${edition}\n`;
}

/** A string literal in single quotes on one line; the tables are one long string that is taken apart when first needed. */
export function literal(text: string): string {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'").replaceAll('\n', '\\n')}'`;
}
