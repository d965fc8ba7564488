import { describe, expect, it } from 'vitest';
import { importCtpScript } from './ctp-script';
import { lookUp, parseLookupTable, runningPseudonym } from './lookup-table';
import { checkProfile } from './profile-json';

const script = `<?xml version="1.0"?>
<script>
<!-- <e en="T" t="00080018">@keep()</e> -->
<p t="UIDROOT">1.2.3</p>
<p t="SITE">Site &amp; Co</p>
<e en="T" t="00080005" n="SpecificCharacterSet">@keep()</e>
<e en="T" t="00080018" n="SOPInstanceUID">@hashuid(@UIDROOT,this)</e>
<e en="T" t="00080020" n="StudyDate">@incrementdate(this,"-3210")</e>
<e en="T" t="00080080" n="InstitutionName">@SITE</e>
<e en="F" t="00081030" n="StudyDescription">@keep()</e>
<e en="T" t="00081048" n="PhysiciansOfRecord">@remove()</e>
<e en="T" t="00080090" n="ReferringPhysicianName">@empty()</e>
<e en="T" t="00100010" n="PatientName">@hashname(this,6,2)</e>
<e en="T" t="00100020" n="PatientID">@keep()</e>
<e en="T" t="00101010" n="PatientAge">@round(this,5)</e>
<e en="T" t="00120010" n="ClinicalTrialSponsorName">@if(this,isblank){@empty()}{x}</e>
<e en="T" t="00540016" n="RadiopharmaceuticalInformationSequence">@process()</e>
<e en="T" n="StationName">@remove()</e>
<k en="T" t="0018">Keep group 18</k>
<r en="T" t="privategroups">Remove private groups</r>
</script>`;

describe('CTP scripts', () => {
  const result = importCtpScript(script);
  if (!result.ok) throw new Error(result.message);
  const { profile, mapped, unmapped } = result.value;

  it('takes over what a profile can say', () => {
    const of = (tag: string) => profile.overrides.find((o) => o.tag === tag);
    expect(of('00080005')?.action).toBe('K');
    expect(of('00080018')?.action).toBe('U');
    expect(of('00080080')).toEqual({ tag: '00080080', action: 'D', value: 'Site & Co' });
    expect(of('00081030')).toBeUndefined();
    expect(of('00081048')?.action).toBe('X');
    expect(of('00080090')?.action).toBe('Z');
    expect(of('00081010')?.action).toBe('X');
    expect(of('00540016')?.action).toBe('C');
    expect(profile.options).toContain('retainLongitudinalModified');
    expect(checkProfile(profile).ok).toBe(true);
    expect(mapped).toBe(10);
  });

  it('lists the rest with its line', () => {
    expect(unmapped.map((u) => u.rule)).toEqual(['PatientID', 'PatientAge', 'ClinicalTrialSponsorName', '0018']);
    expect(unmapped[0]?.line).toBe(14);
    expect(profile.overrides.some((o) => o.tag === '00100020')).toBe(false);
  });

  it.each([
    '',
    'hello',
    '<html/>',
    '<!DOCTYPE x [<!ENTITY a "b">]><script><e t="00100010">&a;</e></script>',
    '<script></script>',
  ])('refuses %j', (text) => {
    const refused = importCtpScript(text);
    expect(refused.ok ? '' : refused.code).toBe('bad-profile');
  });
});

describe('lookup tables', () => {
  const read = (csv: string) => {
    const result = parseLookupTable(csv);
    return result.ok ? result.value : result.message;
  };

  it.each([
    ['old,new\nA1,P1\nB2,P2\n'],
    ['\uFEFFPatient ID;Pseudonym\r\n"A1";"P1"\r\n"B2";"P2"'],
    ['A1\tP1\nB2\tP2\n\n'],
  ])('reads %j', (csv) => {
    const table = read(csv);
    if (typeof table === 'string') throw new Error(table);
    expect(lookUp(table, ' a1 ')).toBe('P1');
    expect(lookUp(table, 'B2')).toBe('P2');
    expect(lookUp(table, 'C3')).toBeUndefined();
  });

  it.each([
    ['A1,P1\nA1,P2', /two pseudonyms \(line 2\)/],
    ['A1,P1\nB2,p1', /same pseudonym \(line 2\)/],
    ['A1,B2\nB2,C3', /as a pseudonym/],
    ['A1', /old ID and a new one/],
    ['A1,P1,X', /old ID and a new one/],
    ['A1,P\\1', /cannot hold/],
    ['"A1,P1', /never closed/],
    ['old,new', /no rows/],
  ])('refuses %j', (csv, expected) => {
    expect(read(csv)).toMatch(expected);
  });

  it('numbers patients', () => {
    expect(runningPseudonym('ANON-{n}', 7, 'x')).toBe('ANON-0007');
    expect(runningPseudonym('{n}{h}', 12345, 'Q')).toBe('12345Q');
  });
});
