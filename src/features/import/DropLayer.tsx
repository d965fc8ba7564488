import { FolderDown } from 'lucide-react';
import { useEffect } from 'react';
import { useWords } from '../../locales';
import { useApp } from '../../store';
import { takeDrop, takeFiles } from './import';

const hasFiles = (data: DataTransfer | null): data is DataTransfer => data?.types.includes('Files') ?? false;

/** Makes the whole window a place to drop on, and to paste into. */
export function DropLayer() {
  const { t } = useWords();
  const dropping = useApp((s) => s.dropping);
  useEffect(() => {
    // Enter and leave fire for every child: only their balance says whether the pointer is still over the window.
    let depth = 0;
    const set = (on: boolean) => useApp.getState().setDropping(on);
    const onEnter = (event: DragEvent) => {
      if (!hasFiles(event.dataTransfer)) return;
      event.preventDefault();
      depth++;
      set(true);
    };
    const onOver = (event: DragEvent) => {
      if (!hasFiles(event.dataTransfer)) return;
      event.preventDefault();
      event.dataTransfer.dropEffect = 'copy';
    };
    const onLeave = (event: DragEvent) => {
      if (!hasFiles(event.dataTransfer)) return;
      depth = Math.max(0, depth - 1);
      if (depth === 0) set(false);
    };
    const onDrop = (event: DragEvent) => {
      if (!hasFiles(event.dataTransfer)) return;
      event.preventDefault();
      depth = 0;
      set(false);
      void takeDrop(event.dataTransfer);
    };
    const onPaste = (event: ClipboardEvent) => {
      const files = event.clipboardData?.files;
      if (files && files.length > 0) {
        event.preventDefault();
        void takeFiles(files);
      }
    };
    window.addEventListener('dragenter', onEnter);
    window.addEventListener('dragover', onOver);
    window.addEventListener('dragleave', onLeave);
    window.addEventListener('drop', onDrop);
    window.addEventListener('paste', onPaste);
    return () => {
      window.removeEventListener('dragenter', onEnter);
      window.removeEventListener('dragover', onOver);
      window.removeEventListener('dragleave', onLeave);
      window.removeEventListener('drop', onDrop);
      window.removeEventListener('paste', onPaste);
    };
  }, []);
  if (!dropping) return null;
  return (
    <div className="drop-layer" aria-hidden="true">
      <div className="drop-layer__card">
        <FolderDown size={40} strokeWidth={1.25} />
        <strong>{t('import.drop')}</strong>
        <span>{t('import.dropText')}</span>
      </div>
    </div>
  );
}
