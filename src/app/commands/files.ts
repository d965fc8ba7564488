import { openSamples, pickFiles, pickFolder } from '../../features/import';
import { cancelExport, pauseExport, resumeExport } from '../../features/session';
import { isIncluded, type AppState } from '../../store';
import { app, hasAny, type Command } from './command';

const isRunning = (s: AppState) => s.exportState === 'running' || s.exportState === 'paused';

export const fileCommands: readonly Command[] = [
  {
    id: 'open-folder',
    label: 'command.openFolder',
    group: 'file',
    keys: ['Mod+Shift+O'],
    perform: () => void pickFolder(),
  },
  { id: 'open-files', label: 'command.openFiles', group: 'file', keys: ['Mod+O'], perform: () => void pickFiles() },
  { id: 'open-sample', label: 'command.openSample', group: 'file', perform: () => void openSamples() },
  {
    id: 'export',
    label: 'command.export',
    group: 'file',
    keys: ['Mod+E'],
    enabled: (s) => [...s.instances.values()].some(isIncluded),
    perform: () => app().openDialog('export'),
  },
  {
    id: 'pause',
    label: 'command.pause',
    group: 'file',
    enabled: isRunning,
    perform: () => (app().exportState === 'paused' ? resumeExport() : pauseExport()),
  },
  { id: 'cancel-export', label: 'command.cancelExport', group: 'file', enabled: isRunning, perform: cancelExport },
  {
    id: 'problems',
    label: 'command.problems',
    group: 'file',
    enabled: hasAny,
    perform: () => app().setMessagesOpen(!app().messagesOpen),
  },
  {
    id: 'close',
    label: 'command.close',
    group: 'file',
    enabled: hasAny,
    perform: () => app().openDialog('close-session'),
  },
];
