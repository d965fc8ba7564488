import { applyProfile } from '../../features/profile/apply';
import { readyNames, readyProfiles } from '../../features/profile/ready-profiles';
import { acceptCurrent, goToNext, goToPrevious, nextScope, excludeCurrent } from '../../features/review/review';
import { canInstall, install } from '../../features/settings';
import { locales } from '../../locales/locale';
import { currentEntry, stateOf, type AppState } from '../../store';
import { tabs } from '../inspector-tabs';
import { app, focusOn, hasAny, hasEntry, type Command } from './command';

const hasKiosk = (s: AppState) => s.kiosk !== null && typeof s.kiosk !== 'string';

const inReview = (s: AppState) => {
  const entry = currentEntry(s);
  return entry !== null && stateOf(entry) === 'review';
};

export const reviewCommands: readonly Command[] = [
  { id: 'review-next', label: 'review.next', group: 'review', keys: ['N'], enabled: hasAny, perform: goToNext },
  {
    id: 'review-previous',
    label: 'review.previous',
    group: 'review',
    keys: ['Shift+N'],
    enabled: hasAny,
    perform: goToPrevious,
  },
  {
    id: 'review-scope',
    label: 'command.scope',
    group: 'review',
    keys: ['S'],
    enabled: hasEntry,
    perform: nextScope,
  },
  {
    id: 'review-accept',
    label: 'review.accept',
    group: 'review',
    keys: ['A'],
    enabled: inReview,
    perform: acceptCurrent,
  },
  {
    id: 'review-exclude',
    label: 'command.exclude',
    group: 'review',
    keys: ['X'],
    enabled: hasEntry,
    perform: excludeCurrent,
  },
  { id: 'learning', label: 'regions.learn', group: 'review', perform: () => app().openDialog('learning') },
  { id: 'templates', label: 'regions.templates', group: 'review', perform: () => app().openDialog('templates') },
];

export const profileCommands: readonly Command[] = readyNames.map((name): Command => ({
  id: `profile-${name}`,
  label: `command.profile.${name}`,
  group: 'profile',
  perform: () => applyProfile(readyProfiles[name]),
}));

export const pageCommands: readonly Command[] = [
  ...tabs.map((tab, i): Command => ({
    id: `tab-${tab}`,
    label: `command.tab.${tab}`,
    group: 'page',
    keys: [`Alt+${i + 1}`],
    enabled: hasAny,
    perform: () => {
      app().setTab(tab);
      focusOn(`#inspector-tab-${tab}`);
    },
  })),
  {
    id: 'toggle-studies',
    label: 'command.toggleStudies',
    group: 'page',
    keys: ['Mod+B'],
    enabled: hasAny,
    perform: () => app().setSettings({ studiesOpen: !app().settings.studiesOpen }),
  },
  {
    id: 'toggle-inspector',
    label: 'command.toggleInspector',
    group: 'page',
    keys: ['Mod+J'],
    enabled: hasAny,
    perform: () => app().setSettings({ inspectorOpen: !app().settings.inspectorOpen }),
  },
  {
    id: 'theme',
    label: 'command.theme',
    group: 'page',
    keys: ['Shift+D'],
    perform: () => app().setSettings({ theme: app().settings.theme === 'dark' ? 'light' : 'dark' }),
  },
  {
    id: 'language',
    label: 'command.language',
    group: 'page',
    perform: () => {
      const { settings, setSettings } = app();
      const next = locales[(locales.indexOf(settings.locale) + 1) % locales.length];
      if (next) setSettings({ locale: next });
    },
  },
  { id: 'cohort', label: 'command.cohort', group: 'page', enabled: hasAny, perform: () => app().openDialog('cohort') },
  { id: 'mask', label: 'command.mask', group: 'page', perform: () => app().openDialog('mask') },
  { id: 'bundle', label: 'command.bundle', group: 'page', perform: () => app().openDialog('bundle') },
  { id: 'reidentify', label: 'command.reidentify', group: 'page', perform: () => app().openDialog('reidentify') },
  { id: 'lookup', label: 'command.lookup', group: 'page', perform: () => app().openDialog('lookup') },
  { id: 'signing', label: 'command.signing', group: 'page', perform: () => app().openDialog('signing') },
  { id: 'proof', label: 'command.proof', group: 'page', perform: () => app().openDialog('proof') },
  { id: 'install', label: 'command.install', group: 'page', enabled: canInstall, perform: install },
  {
    id: 'kiosk-unlock',
    label: 'kiosk.unlock',
    group: 'page',
    enabled: hasKiosk,
    perform: () => app().openDialog('unlock'),
  },
  {
    id: 'kiosk-policy',
    label: 'kiosk.policy',
    group: 'page',
    enabled: hasKiosk,
    perform: () => app().openDialog('policy'),
  },
  { id: 'verify', label: 'verify.title', group: 'page', perform: () => app().openDialog('verify') },
  { id: 'help', label: 'command.help', group: 'page', keys: ['?', 'F1'], perform: () => app().openDialog('help') },
  {
    id: 'palette',
    label: 'command.palette',
    group: 'page',
    keys: ['Mod+K'],
    perform: () => app().openDialog('palette'),
  },
];
