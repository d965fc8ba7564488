export function makeKioskBundle(page: string, folder: string): void;
