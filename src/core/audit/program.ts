/** What made a record or a file: the version is that of package.json (a test holds them together). */
export const program = { name: 'Lethe', version: '0.1.0' } as const;
