/** English. The keys of this catalogue are the keys of every other: a language that lacks one does not compile. */
import { images } from './images.en';
import { shell } from './shell.en';
import { work } from './work.en';

export const en = { ...shell, ...images, ...work } as const satisfies Record<string, string>;
