/** English words of learning from corrections. */
export const learningEn = {
  'learn.title': 'Learn from my corrections',
  'learn.about':
    'Lethe can learn from your word what is text and what only looks like it: from the boxes you deleted, the boxes you drew, and the boxes you left on images that you changed. It learns on this machine, only when you ask, and keeps numbers: no pixels and no text. What reads like a name, a date or a number of the patient is redacted whatever was learnt.',
  'learn.have':
    '{text, plural, =0 {No box} one {# box} other {# boxes}} with text and {other, plural, =0 {no box} one {# box} other {# boxes}} without, on {images, plural, one {# image} other {# images}}.',
  'learn.none':
    'There are no corrections yet. Delete a box that holds no text, or draw one around text that was missed.',
  'learn.start': 'Learn now',
  'learn.working': 'Learning',
  'learn.stop': 'Stop',
  'learn.done': 'Learnt. Images that are checked from now on are judged by it.',
  'learn.failed': 'Nothing was learnt: {message}',
  'learn.busy': 'Wait until all images are checked.',
  'learn.factory': 'In use: what Lethe came with. Nothing was learnt yet.',
  'learn.learnt': 'In use: learnt here, from {count, plural, one {# box} other {# boxes}}.',
  'learn.reset': 'Forget',
  'learn.export': 'Save as file',
  'learn.import': 'Import',
  'learn.bad': 'That file does not hold what a region verifier learnt.',
} as const;
