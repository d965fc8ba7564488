import { describe, expect, it } from 'vitest';
import { explanations, internalError } from './errors';

describe('explanations', () => {
  it('are whole sentences that say what to do next', () => {
    for (const [code, { message, next }] of Object.entries(explanations)) {
      expect(message, code).toMatch(/^[A-Z].*\.$/);
      expect(next, code).toMatch(/^[A-Z].*\.$/);
      expect(message, code).not.toMatch(/undefined|null|error code/);
    }
  });
});

describe('internalError', () => {
  it('keeps the kind and the place, never the text', () => {
    const failure = internalError(new RangeError('value Doe^John is odd'));
    expect(failure).toMatchObject({ ok: false, code: 'internal-error' });
    expect(failure.where).toMatch(/^RangeError, errors\.test\.ts:\d+$/);
    expect(JSON.stringify(failure)).not.toContain('Doe');
    expect(JSON.stringify(internalError('Doe^John'))).not.toContain('Doe');
  });
});
