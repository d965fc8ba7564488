/** Files that operating systems and disc writers leave behind; they hold no image and are no fault of anybody's. */
const systemFiles = new Set([
  '.ds_store',
  'thumbs.db',
  'ehthumbs.db',
  'desktop.ini',
  '.localized',
  '.directory',
  'autorun.inf',
  '.gitkeep',
  '.gitattributes',
  '.gitignore',
]);

/** Whether a path is one of those, by its name alone: nothing in it is read, nothing of it is passed on. */
export function isSystemFile(path: string): boolean {
  const parts = path.split('/');
  const name = (parts.at(-1) ?? '').toLowerCase();
  return (
    systemFiles.has(name) ||
    // AppleDouble companions ("._IM1") and the folder that macOS puts into ZIPs.
    name.startsWith('._') ||
    parts.slice(0, -1).some((p) => ['__MACOSX', '.Trashes', '.Spotlight-V100', '$RECYCLE.BIN'].includes(p))
  );
}
