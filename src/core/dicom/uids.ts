/** Registered UIDs (PS3.6 annex A) and what the attributes of VR UI hold. */
import { uidAttributes, uidRoles, uidRows, uidTypes } from '../generated/uids';
import type { Tag } from './data-set';

export { uidEdition } from '../generated/uids';

export interface UidInfo {
  readonly uid: string;
  /** 'SOPClass', 'TransferSyntax', 'WellKnownSOPInstance', 'CodingScheme', … */
  readonly type: string;
  readonly keyword: string;
  readonly name: string;
  readonly retired: boolean;
}

const root = '1.2.840.10008.';
let registered: ReadonlyMap<string, UidInfo> | undefined;

function load(): ReadonlyMap<string, UidInfo> {
  const types = uidTypes.split(' ');
  const map = new Map<string, UidInfo>();
  for (const row of uidRows.split('\n')) {
    const [end = '', type = '', retired = '', keyword = '', name = ''] = row.split('|');
    const uid = root + end;
    map.set(uid, {
      uid,
      type: types[Number(type)] ?? '',
      keyword,
      name: name === '' ? keyword : name,
      retired: retired === '1',
    });
  }
  return map;
}

/** What PS3.6 says about a UID; undefined for one that it does not list. */
export function uidInfo(uid: string): UidInfo | undefined {
  registered ??= load();
  return registered.get(uid);
}

/**
 * Whether a UID is the standard's own: listed in PS3.6, or of the shape of those below its root 1.2.840.10008 that a later
 * edition may add. The shape is narrow (components of at most five digits), so that nothing personal fits into it.
 */
export function isRegisteredUid(uid: string): boolean {
  if (!uid.startsWith(root)) return false;
  registered ??= load();
  return registered.has(uid) || /^1\.2\.840\.10008(\.(0|[1-9]\d{0,4})){1,9}$/.test(uid);
}

/**
 * What an attribute of VR UI holds: 'e11' is decided by Table E.1-1, 'classOrScheme' names a class, syntax or scheme,
 * 'organizationOrSoftware' an implementer, 'instanceLike' an instance or a frame of reference that E.1-1 forgets, 'other' anything.
 */
export type UidRole = 'e11' | 'classOrScheme' | 'organizationOrSoftware' | 'instanceLike' | 'other';

let roles: ReadonlyMap<Tag, UidRole> | undefined;

export function uidRole(tag: Tag): UidRole | undefined {
  if (roles === undefined) {
    const names = uidRoles.split(' ') as UidRole[];
    const map = new Map<Tag, UidRole>();
    for (const entry of uidAttributes.split(' ')) {
      const role = names[Number(entry.slice(8))];
      if (role !== undefined) map.set(parseInt(entry.slice(0, 8), 16), role);
    }
    roles = map;
  }
  return roles.get(tag);
}
