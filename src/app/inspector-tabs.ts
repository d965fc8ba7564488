import type { InspectorTab } from '../store';

/** In the order in which they are shown and numbered. */
export const tabs: readonly InspectorTab[] = ['tags', 'regions', 'profile', 'record'];
