/** The signature of a record: a detached CMS signature beside it, which other programs verify as well. */
import { copyNames } from './copies';
import { reportName } from './record';

/** Name of the signature beside a record. */
export const signatureName = `${reportName}.p7s`;

/** Files that lie beside what a record lists, without being listed. */
export const isOfRecord = (path: string): boolean =>
  path === reportName || path === signatureName || copyNames.includes(path);
