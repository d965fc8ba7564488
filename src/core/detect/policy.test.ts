import { describe, expect, it } from 'vitest';
import type { IdentityFacts } from '../deid/context';
import { judge, type Judging } from './policy';

const identity: IdentityFacts = {
  patientKey: 'k',
  names: ['MÜLLER^HANS JOACHIM', '王小明'],
  ids: ['4711-0815'],
  dates: ['19700131'],
  texts: ['St. Mary Hospital'],
  pathNames: [],
};
const everything: Judging = { policy: 'everything', keep: [], identity };
const unknownToo: Judging = { policy: 'identifying-and-unknown', keep: [], identity };
const only: Judging = { policy: 'identifying', keep: [], identity };
const read = (text: string, textScore = 0.95) => ({ score: 0.9, text, textScore });

describe('classes', () => {
  it.each([
    ['Muller, Hans', 'identity-name'],
    ['MULLEP HANS', 'identity-name'],
    ['王小明', 'identity-name'],
    ['ID: 47110815', 'identity-id'],
    ['47I1O815', 'identity-id'],
    ['31.01.1970', 'identity-date'],
    ['ST MARY H0SPITAL', 'identity-text'],
  ])('%s is the patient', (text, reason) => {
    expect(judge(read(text), everything)).toEqual({ textClass: 'identifying', reason, action: 'redact' });
  });

  it.each([
    ['SMITH^JOHN', 'person-name'],
    ['Smith, John', 'person-name'],
    ['Dr. Weber', 'name-cue'],
    ['Patient Name', 'name-cue'],
    ['2024-03-01', 'date'],
    ['17 Oct 16', 'date'],
    ['03-May-18', 'date'],
    ['8:48:26 AM', 'time'],
    ['14:05', 'time'],
    ['120907058', 'identifier'],
    ['DOB', 'identifier'],
    ['TR00482913', 'identifier'],
    ['EXAM123456', 'identifier'],
    ['MON GENERAL HOSPITAL', 'institution'],
    ['北京医院', 'institution'],
    ['045Y', 'age-or-sex'],
    ['M     63', 'age-or-sex'],
    ['F045Y', 'age-or-sex'],
    ['17 0ct 16', 'date'],
    ['30 JAN_94', 'date'],
    ['WEDNESDAY,MARCH29t', 'date'],
    ['DR WEBER', 'name-cue'],
    ['Ms. Jones', 'name-cue'],
    ['PT SMITH', 'name-cue'],
    ['性别 男', 'age-or-sex'],
  ])('%s looks identifying', (text, reason) => {
    expect(judge(read(text), only)).toEqual({ textClass: 'identifying', reason, action: 'redact' });
  });

  it.each([
    ['Depth 12 cm'],
    ['Gain=82'],
    ['120 kV'],
    ['MI 1.2'],
    ['TIS<0.4'],
    ['20dB/DR60'],
    ['W: 400 L: 40'],
    ['15.0cm'],
    ['DR 65'],
    ['DR:70dB'],
    ['180 ms'],
    ['PRF5000 Hz'],
    ['C5-1'],
    ['6L3'],
    ['Gn 50'],
    ['COMP_60'],
    ['W400L40'],
    ['120kV250mA'],
    ['MI1.2TIS0.4'],
    ['LVIDd 4.8 cm'],
    ['2D--100%'],
    ['PersistLow'],
    ['WFHigh'],
    ['Col79% Map 1'],
    ['+ 64.1'],
  ])('%s is technical and survives where asked', (text) => {
    expect(judge(read(text), unknownToo)).toEqual({ textClass: 'technical', reason: 'technical', action: 'keep' });
    expect(judge(read(text), everything).action).toBe('redact');
  });

  it.each([['L'], ['R'], ['AP'], ['LMLO'], ['IZQ'], ['左'], ['10'], ['2.5']])('%s is a marker', (text) => {
    const judged = judge(read(text), unknownToo);
    expect(['marker', 'technical']).toContain(judged.textClass);
    expect(judged.action).toBe('keep');
  });
});

describe('policy fails closed', () => {
  it.each([everything, unknownToo, only])('what was not read, or not for certain, goes', (judging) => {
    expect(judge({ score: 0.9 }, judging).action).toBe('redact');
    expect(judge(read('Depth 12 cm', 0.5), judging).action).toBe('redact');
    expect(judge(read('L', 0.6), { ...judging, keep: ['L'] }).action).toBe('redact');
  });

  it.each([['9261'], ['5000 1234']])('%s, a long number by itself, may be anybody', (text) => {
    expect(judge(read(text), unknownToo)).toMatchObject({ textClass: 'unknown', action: 'redact' });
  });

  it('unknown words go unless only identifying text was asked for', () => {
    expect(judge(read('Fluffy'), unknownToo)).toMatchObject({ textClass: 'unknown', action: 'redact' });
    expect(judge(read('Fluffy'), only)).toMatchObject({ textClass: 'unknown', action: 'keep' });
  });

  it('the keep-list saves what was asked, never the patient', () => {
    const keep = [' left ', 'Muller'];
    expect(judge(read('LEFT'), { ...everything, keep })).toMatchObject({ reason: 'on-keep-list', action: 'keep' });
    expect(judge(read('MULLER'), { ...everything, keep }).action).toBe('redact');
  });

  it('asks the second judge too', () => {
    const matches = (text: string) => ({ match: text === 'Nickname', reason: 'alias' });
    expect(judge(read('Nickname'), { ...only, matches })).toMatchObject({ reason: 'identity', action: 'redact' });
  });
});
