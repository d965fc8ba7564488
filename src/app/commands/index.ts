/** The one list of commands, in the order in which people read it. */
import type { Command, CommandGroup } from './command';
import { fileCommands } from './files';
import { goCommands } from './going';
import { pageCommands, profileCommands, reviewCommands } from './page';
import { regionCommands } from './regions';
import { viewCommands } from './view';

export type { Command, CommandGroup } from './command';

export const commands: readonly Command[] = [
  ...fileCommands,
  ...goCommands,
  ...viewCommands,
  ...regionCommands,
  ...reviewCommands,
  ...profileCommands,
  ...pageCommands,
];

export const commandGroups: readonly CommandGroup[] = ['file', 'go', 'view', 'region', 'review', 'profile', 'page'];
