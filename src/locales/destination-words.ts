import type { Words } from './index';

/** Where results went, as it is said within a sentence. @param name of a folder or file; null for the ZIP saved as a download */
export const destinationWords = (name: string | null, t: Words['t']): string =>
  name === null ? t('export.zip') : `“${name}”`;
