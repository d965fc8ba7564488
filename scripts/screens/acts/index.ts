/** What is played, in order. A scene's name begins with the name of its act. */
import type { Stage } from '../stage';
import { exporting } from './export';
import { kiosk } from './kiosk';
import { many } from './many';
import { names } from './names';
import { review } from './review';
import { sealing } from './sealing';
import { start } from './start';
import { work } from './work';

export interface Server {
  /** From now on there is a newer page. */
  readonly renew: () => void;
}

export const acts: Readonly<Record<string, (stage: Stage, server: Server) => Promise<void>>> = {
  start,
  work,
  review,
  export: exporting,
  sealing,
  kiosk,
  names,
  many,
};
