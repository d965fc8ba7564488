/** Who may do what on a kiosk. The table is the whole of it: what is not in it is not allowed. */
export type Role = 'operator' | 'supervisor' | 'auditor';

export type KioskAction =
  | 'open-files'
  | 'export'
  | 'edit-regions'
  | 'exclude'
  | 'accept-finding'
  | 'change-profile'
  | 'change-key'
  | 'see-record'
  | 'verify'
  | 'unlock';

export const roles: readonly Role[] = ['operator', 'supervisor', 'auditor'];

const allowed: Readonly<Record<Role, ReadonlySet<KioskAction>>> = {
  // May make more unreadable and leave out, never less.
  operator: new Set(['open-files', 'export', 'edit-regions', 'exclude', 'see-record', 'verify', 'unlock']),
  supervisor: new Set([
    'open-files',
    'export',
    'edit-regions',
    'exclude',
    'accept-finding',
    'change-profile',
    'change-key',
    'see-record',
    'verify',
    'unlock',
  ]),
  auditor: new Set(['see-record', 'verify', 'unlock']),
};

export const may = (role: Role, action: KioskAction): boolean => allowed[role].has(action);
