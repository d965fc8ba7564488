import { expect, it } from 'vitest';
import { internIdentities } from './identity-intern';

const facts = (name: string, key = 'id::1') => ({
  patientKey: key,
  names: [name],
  ids: ['A-1'],
  dates: [],
  texts: [],
  pathNames: [],
});

it('gives the first of equal identities, and a new one as soon as anything is known more', () => {
  const intern = internIdentities();
  const first = { identity: facts('Doe^Jane'), other: 1 };
  expect(intern(first)).toBe(first);
  expect(intern({ identity: facts('Doe^Jane'), other: 2 })).toEqual({ identity: facts('Doe^Jane'), other: 2 });
  expect(intern({ identity: facts('Doe^Jane'), other: 2 }).identity).toBe(first.identity);
  const more = { ...facts('Doe^Jane'), ids: ['A-1', 'B-2'] };
  expect(intern({ identity: more }).identity).toBe(more);
  const born = { ...more, birthDates: ['19700101'] };
  expect(intern({ identity: born }).identity).toBe(born);
  expect(intern({ identity: facts('Doe^Jane', 'id::2') }).identity).not.toBe(first.identity);
  expect(intern({})).toEqual({});
});
