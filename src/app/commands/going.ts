import { stepInstance, stepSeries, stepStack } from '../../features/studies/navigate';
import { app, focusOn, hasAny, hasEntry, type Command } from './command';

export const goCommands: readonly Command[] = [
  {
    id: 'next',
    label: 'command.next',
    group: 'go',
    keys: ['ArrowDown'],
    enabled: hasEntry,
    perform: () => stepStack(1),
  },
  {
    id: 'previous',
    label: 'command.previous',
    group: 'go',
    keys: ['ArrowUp'],
    enabled: hasEntry,
    perform: () => stepStack(-1),
  },
  {
    id: 'next-10',
    label: 'command.next10',
    group: 'go',
    keys: ['PageDown'],
    enabled: hasEntry,
    perform: () => stepStack(10),
  },
  {
    id: 'previous-10',
    label: 'command.previous10',
    group: 'go',
    keys: ['PageUp'],
    enabled: hasEntry,
    perform: () => stepStack(-10),
  },
  {
    id: 'next-instance',
    label: 'command.nextInstance',
    group: 'go',
    keys: [']'],
    enabled: hasEntry,
    perform: () => stepInstance(1),
  },
  {
    id: 'previous-instance',
    label: 'command.previousInstance',
    group: 'go',
    keys: ['['],
    enabled: hasEntry,
    perform: () => stepInstance(-1),
  },
  {
    id: 'next-series',
    label: 'command.nextSeries',
    group: 'go',
    keys: ['Shift+ArrowDown'],
    enabled: hasEntry,
    perform: () => stepSeries(1),
  },
  {
    id: 'previous-series',
    label: 'command.previousSeries',
    group: 'go',
    keys: ['Shift+ArrowUp'],
    enabled: hasEntry,
    perform: () => stepSeries(-1),
  },
  {
    id: 'search',
    label: 'command.search',
    group: 'go',
    keys: ['/'],
    enabled: hasAny,
    perform: () => focusOn('#studies-search'),
  },
  {
    id: 'search-tags',
    label: 'command.searchTags',
    group: 'go',
    keys: ['Shift+T'],
    enabled: hasEntry,
    perform: () => {
      app().setTab('tags');
      focusOn('#tags-search');
    },
  },
  {
    id: 'focus-image',
    label: 'command.focusImage',
    group: 'go',
    keys: ['G'],
    enabled: hasEntry,
    perform: () => focusOn('[data-testid="stage"]'),
  },
];
