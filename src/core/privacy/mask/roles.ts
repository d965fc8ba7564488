/** What a column or key says about its values. */

export type Role = 'patient' | 'id' | 'person' | 'birth' | 'contact';

const roles: readonly (readonly [Role, RegExp])[] = [
  ['birth', /birth|^dob$|geburt|naissance|出生|生日/],
  [
    'contact',
    /phone|^tel$|telephone|mobile|fax|e_?mail|address|street|zip|postal|电话|手机|邮箱|地址|住址|anschrift|adresse/,
  ],
  [
    'patient',
    /^(?:patient|pat|subject|person)?_?(?:id|no|nr|number|identifier)$|^pid$|^mrn$|medical_record|record_number|chart_no|hospital_no|病历号|病人号|患者(?:id|号|编号)|住院号|门诊号/,
  ],
  [
    'patient',
    /^(?:patient|pat|subject|full|first|last|given|middle|family|maiden)?_?(?:s_)?names?$|^patient$|surname|forename|^姓名$|患者姓名|病人姓名|^姓$|^名$|nachname|vorname|^nom$|^prenom$/,
  ],
  [
    'person',
    /physician|doctor|^dr$|radiologist|operator|technician|technologist|referr|attending|reader|reported_by|performed_by|signed_by|author|nurse|relative|guardian|next_of_kin|医生|医师|技师|操作者|arzt/,
  ],
  [
    'id',
    /accession|admission|encounter|visit_(?:id|no|number)|order_(?:id|no|number)|^order$|insurance|^ssn$|social_security|national_id|passport|nhs|case_(?:id|no|number)|检查号|检查编号|申请单|身份证|医保|登记号/,
  ],
]; // prettier-ignore

/** The role of a column's or key's name; undefined for the rest, whose values are read as text. */
export function roleOf(name: string): Role | undefined {
  const plain = name
    .replace(/(\p{Ll})(\p{Lu})/gu, '$1_$2')
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, '_')
    .replace(/^_|_$/g, '');
  return roles.find(([, pattern]) => pattern.test(plain))?.[0];
}
