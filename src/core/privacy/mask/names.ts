/** Names of masked documents: the kind stays, the rest could be somebody's name. */
import { keyedCode } from '../../deid/identifiers';

export function maskedName(key: Uint8Array, path: string): string {
  const ending = /\.(json|csv|tsv|txt|md|xml|html?)$/i.exec(path)?.[1]?.toLowerCase() ?? 'txt';
  return `text-${keyedCode(key, `document:${path}`, 8)}.${ending}`;
}
