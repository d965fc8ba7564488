/** Who may do what on a kiosk. The table is the whole of it: what is not in it is not allowed, and rules (rules.ts) only narrow it. */
export type Role = 'operator' | 'supervisor' | 'auditor';

export type KioskAction =
  | 'open-files'
  | 'export'
  /** Boxes drawn, moved, made larger. */
  | 'edit-regions'
  /** A found text is kept, or its box taken away or made smaller. */
  | 'keep-text'
  | 'exclude'
  | 'accept-finding'
  | 'change-profile'
  | 'change-key'
  /** Opens encrypted originals with a private key. */
  | 'reidentify'
  | 'see-record'
  | 'verify';

export const roles: readonly Role[] = ['operator', 'supervisor', 'auditor'];

const allowed: Readonly<Record<KioskAction, readonly Role[]>> = {
  'open-files': ['operator', 'supervisor'],
  export: ['operator', 'supervisor'],
  'edit-regions': ['operator', 'supervisor'],
  // An operator may make more unreadable and leave out, never less.
  'keep-text': ['supervisor'],
  exclude: ['operator', 'supervisor'],
  'accept-finding': ['supervisor'],
  'change-profile': ['supervisor'],
  'change-key': ['supervisor'],
  reidentify: ['supervisor'],
  'see-record': ['operator', 'supervisor', 'auditor'],
  verify: ['operator', 'supervisor', 'auditor'],
};

export const kioskActions = Object.keys(allowed) as readonly KioskAction[];

/** @param role null: nobody has said who they are yet, on a machine where operators have a PIN */
export const may = (role: Role | null, action: KioskAction): boolean => role !== null && allowed[action].includes(role);
