import { droppedTags } from '../icc';

/** Name of what an ICC profile loses: the piece that it lies in, and those of its tags that go. */
export const droppedFrom = (piece: string, profile: Uint8Array): string => [piece, ...droppedTags(profile)].join(' ');
