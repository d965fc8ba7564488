import { describe, expect, it } from 'vitest';
import type { IdentityFacts } from './context';
import { cleanText, matchesIdentity } from './text';

const facts = (over: Partial<IdentityFacts>): IdentityFacts => ({
  patientKey: 'p',
  names: [],
  ids: [],
  dates: [],
  texts: [],
  pathNames: [],
  ...over,
});

const doe = facts({
  names: ['DOE^JANE MARIE', 'Müller^Hans', "O'Brien^Siobhán", 'Smith-Jones^Alan', 'van der Berg^Pieter'],
  ids: ['12345678', 'ACC-99-1234', '0007654321'],
  dates: ['19800312', '20190507'],
  birthDates: ['19800312'],
  texts: [
    "St. Mary's Hospital",
    '12 Elm Road',
    '+1 555 010 9999',
    'AWP45557',
    'Radiology',
    'Universitätsklinikum Musterstadt',
  ],
});

const zhang = facts({ names: ['Zhang^XiaoMing=张^晓明', '王小明', '홍^길동', '山田^太郎'], ids: ['C00123'] });
const odd = facts({
  names: ['Head^Long', 'White^Rose', 'Li^Na', 'CT^MR'],
  ids: ['1', 'CT', '42'],
  texts: ['CT', 'Chest'],
});

describe('identity in text', () => {
  const gone: readonly (readonly [IdentityFacts, string, string])[] = [
    [doe, 'Follow-up Jane Doe', 'Follow-up ***'],
    [doe, 'DOE, JANE: chest', '***: chest'],
    [doe, 'jane m. doe', '***'],
    [doe, 'J. Doe seen', '*** seen'],
    [doe, 'Doe J seen', '*** seen'],
    [doe, 'doe_jane_ct', '***_ct'],
    [doe, 'DOE^JANE^MARIE', '***'],
    [doe, 'janedoe', '***'],
    [doe, 'JDoe', '***'],
    [doe, 'JohnDoe lumbar', 'John*** lumbar'],
    [doe, 'Mueller', '***'],
    [doe, 'MULLER H', '***'],
    [doe, 'Hr. Müler', 'Hr. ***'],
    [doe, 'OBrien', '***'],
    [doe, 'O’Brien S', '***'],
    [doe, 'siobhan', '***'],
    [doe, 'Smith Jones', '***'],
    [doe, 'Pieter van der Berg', '***'],
    [doe, 'Smithjones', '***'],
    [doe, 'prior 12345678', 'prior ***'],
    [facts({ ids: ['CZ-475512001'] }), 'HELICALcCZ_475512001', 'HELICALc***'],
    [facts({ names: ['Aoyama^Ken-青山健'] }), 'seen Aoyama', 'seen ***'],
    [doe, 'prior 123-45-678', 'prior ***'],
    [doe, 'prior 0012345678', 'prior ***'],
    [doe, 'ACC991234', '***'],
    [doe, 'acc 99 1234', '***'],
    [doe, 'no 7654321', 'no ***'],
    [doe, 'from St Marys Hospital', 'from ***'],
    [doe, 'UNIVERSITATSKLINIKUM MUSTERSTADT', '***'],
    [doe, 'on AWP45557', 'on ***'],
    [doe, 'at 12 Elm Road', 'at ***'],
    [doe, 'call 15550109999', 'call ***'],
    [doe, 'dob 12.03.1980', 'dob ***'],
    [doe, 'dob 120380', 'dob ***'],
    [doe, 'dob 12031980', 'dob ***'],
    [doe, 'dob 800312', 'dob ***'],
    [doe, 'dob 12-Mar-80', 'dob ***'],
    [zhang, '患者张晓明,男', '患者***,男'],
    [zhang, '张 晓明', '***'],
    [zhang, 'Zhang Xiaoming', '***'],
    [zhang, 'ZHANGXIAOMING', '***'],
    [zhang, 'Xiao Ming', '***'],
    [zhang, 'xiaoming zhang', '***'],
    [zhang, 'Wang XM', '***'],
    [zhang, 'X M Zhang', '***'],
    [zhang, '홍길동', '***'],
    [zhang, '山田 太郎', '***'],
    [zhang, '山田様', '***様'],
    [zhang, 'c00123', '***'],
    [odd, 'Mr. Head', 'Mr. ***'],
    [odd, 'Long Head', '***'],
    [odd, 'Rose White', '***'],
    [odd, 'Li Na', '***'],
    [odd, 'Name: Head', 'Name: ***'],
    [odd, 'ID: 42', 'ID: ***'],
  ];
  it.each(gone.map(([identity, text, expected]) => ({ identity, text, expected })))(
    'removes from "$text"',
    ({ identity, text, expected }) => {
      expect(cleanText(text, identity).text).toBe(expected);
    },
  );

  const kept: readonly (readonly [IdentityFacts, string])[] = [
    [odd, 'HEAD FIRST SUPINE'],
    [odd, 'CT Head without contrast, long axis'],
    [odd, 'White matter lesions'],
    [odd, 'Chest CT 42 slices'],
    [odd, 'MR'],
    [odd, 'Na 140 mmol/l'],
    [odd, 'ORIGINAL'],
    [odd, '1'],
    [doe, 'Radiology'],
    [doe, 'chest pain, dose 5 mGy, 120 kVp'],
    [doe, 'T1 AX FSE 3mm'],
    [doe, 'size 12 x 34 mm at 5 months'],
    [doe, 'Siemens SOMATOM Definition Flash'],
    [doe, '1.2.840.10008.5.1.4.1.1.2'],
    [doe, 'syngo CT 2014A'],
    [doe, '0.703125'],
    [doe, 'L4/5 disc, C5-6'],
    [doe, 'brain'],
    [doe, 'Jan'],
    [zhang, '胸部平扫'],
    [zhang, 'Xiphoid min max'],
  ];
  it.each(kept.map(([identity, text]) => ({ identity, text })))('keeps "$text"', ({ identity, text }) => {
    expect(cleanText(text, identity).text).toBe(text);
  });
});

describe('patterns', () => {
  const nobody = facts({});
  const gone: readonly (readonly [string, string])[] = [
    ['mail a.b@c-d.org now', 'mail *** now'],
    ['see https://pacs.example.org/x?id=3', 'see ***'],
    ['身份证 11010519491231002X', '身份证 ***'],
    ['SSN 123-45-6789', 'SSN ***'],
    ['NHS 943 476 5919', 'NHS ***'],
    ['9434765919', '***'],
    ['tel 020 7946 0958', 'tel ***'],
    ['Phone: (555) 010-9999', 'Phone: ***'],
    ['+49 30 901820', '***'],
    ['手机13812345678', '手机***'],
    ['MRN: A1234567', 'MRN: ***'],
    ['MRN#778899', 'MRN#***'],
    ['Patient ID 4455', 'Patient ID ***'],
    ['病历号：123456', '病历号：***'],
    ['住院号 ZY0012345', '住院号 ***'],
    ['seen by Dr. Alice Cooper today', 'seen by Dr. *** today'],
    ['Dr Who', 'Dr ***'],
    ['Mrs Robinson', 'Mrs ***'],
    ['Prof. Dr. med. Schmidt', 'Prof. Dr. med. ***'],
    ['Referred by Karl Kasper', 'Referred by ***'],
    ['Operator: Kowalski', 'Operator: ***'],
    ['Jane Roe, MD', '***, MD'],
    ['张医生会诊', '***医生会诊'],
    ['姓名：李四', '姓名：***'],
    ['lives 12 Baker Street', 'lives ***'],
    ['北京市朝阳区建国路88号', '***'],
    ['exam 2019-05-07', 'exam ***'],
    ['exam 2019.5.7', 'exam ***'],
    ['exam 5/7/2019', 'exam ***'],
    ['exam 5/7/19', 'exam ***'],
    ['exam 07.05.2019', 'exam ***'],
    ['exam 7 May 2019', 'exam ***'],
    ['exam 7. Mai 2019', 'exam ***'],
    ['exam May 7th, 2019', 'exam ***'],
    ['exam 07-MAY-2019', 'exam ***'],
    ['exam 20190507', 'exam ***'],
    ['exam 20190507103000', 'exam ***103000'],
    ['exam May 2019', 'exam ***'],
    ['检查2019年5月7日', '检查***'],
    ['昭和55年3月12日', '***'],
    ['92-year-old woman', '90-year-old woman'],
    ['93Y', '90Y'],
    ['95岁', '90岁'],
    ['ref 1.2.826.0.1.3680043.8.498.12345', 'ref ***'],
    ['\\\\server\\share\\x', '***'],
    ['host 192.168.1.20', 'host ***'],
  ];
  it.each(gone.map(([text, expected]) => ({ text, expected })))('removes from "$text"', ({ text, expected }) => {
    expect(cleanText(text, nobody).text).toBe(expected);
  });

  const kept = [
    'MR BRAIN W/O CONTRAST',
    'DR CHEST PA',
    'MS follow-up',
    'syngo.via VB20A_HF04',
    'B31f 3.0 mm',
    '512x512',
    '120 kV 250 mAs 0.6 s',
    '3/4 views',
    'T12-L1',
    'CT 64 slice 2.5 mm',
    '110010',
    '1234567890',
    'WW 400 WL 40',
    '89-year-old man',
    'age 45',
    '95 kg, 180 cm',
    '1.2.840.10008.1.2.1',
    'ISO_IR 100',
    'Patient: supine',
    'Patient position: head first',
    'Weight 92.5',
    'IMG0012345',
    'C0123',
    'Name of sequence',
    '主治医师意见',
    'series 3 of 12',
    '1-2-3',
    '30-40-50 ms',
    'b=1000',
    'R-L, A-P, H-F',
    'Dr',
  ];
  it.each(kept.map((text) => ({ text })))('keeps "$text"', ({ text }) => {
    expect(cleanText(text, nobody).text).toBe(text);
  });

  it('moves dates in the form they have', () => {
    const move = (text: string): string => cleanText(text, nobody, { dates: { shiftDays: -10 } }).text;
    expect(move('2019-05-07')).toBe('2019-04-27');
    expect(move('7 May 2019 and 5/7/19')).toBe('27 April 2019 and 4/27/19');
    expect(move('20190507')).toBe('20190427');
    expect(move('2019年5月7日')).toBe('2019年4月27日');
    expect(cleanText('2019-05-07', nobody, { dates: 'keep' }).changed).toBe(false);
    expect(cleanText('born 1980-03-12, seen 2019-05-07', doe, { dates: 'keep' }).text).toBe(
      'born ***, seen 2019-05-07',
    );
    expect(cleanText('born 1980-03-12, seen 2019-05-07', doe, { dates: { shiftDays: 1 } }).text).toBe(
      'born ***, seen 2019-05-08',
    );
  });

  it('looks for the identity alone where the form is fixed', () => {
    expect(cleanText('VB10A 04.01.10', doe, { patterns: false }).changed).toBe(false);
    expect(cleanText('VB10A DOE', doe, { patterns: false }).text).toBe('VB10A ***');
  });

  it('leaves the marks out where they do not fit', () => {
    expect(cleanText('JD 12345678', doe, { maxLength: 3 }).text).toBe('JD');
  });
});

describe('recognised text', () => {
  it.each([
    ['D0E JANE', 'name'],
    ['SM1TH', 'name'],
    ['I2345678', 'id'],
    ['12E45678', ''],
    ['12/03/1980', 'date'],
    ['HEAD 5.0', ''],
  ])('%s', (text, reason) => {
    expect(matchesIdentity(text, doe).reason).toBe(reason);
  });
});

describe('foreign names in East Asian text, which sets no blanks', () => {
  const identity = {
    patientKey: 'k',
    names: ['Quistgaard^Jane', 'Doe^John'],
    ids: [],
    dates: [],
    texts: [],
    pathNames: [],
  };
  it.each(['患者Quistgaard检查', '姓名Doe胸部', '王小明Jane Quistgaard', '환자Quistgaard님', 'さんDoeの胸部'])(
    'are found: %s',
    (text) => {
      expect(matchesIdentity(text, identity)).toMatchObject({ match: true, reason: 'name' });
    },
  );
  it.each(['胸部CT平扫', 'T2加权FLAIR序列', '左肺上叶结节5mm'])('and nothing else is: %s', (text) => {
    expect(matchesIdentity(text, identity).match).toBe(false);
  });
});
