import { X } from 'lucide-react';
import { useEffect, useId, useRef, type ReactNode } from 'react';
import { useWords } from '../locales';
import { IconButton } from './Button';

interface DialogProps {
  readonly title: string;
  readonly onClose: () => void;
  readonly children: ReactNode;
  readonly foot?: ReactNode;
  readonly wide?: boolean;
  readonly testId?: string;
}

/** A modal on the browser's own <dialog>: focus is kept inside, Escape closes, focus goes back where it was. */
export function Dialog({ title, onClose, children, foot, wide = false, testId }: DialogProps) {
  const { t } = useWords();
  const id = useId();
  const ref = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    const dialog = ref.current;
    const before = document.activeElement;
    if (dialog && !dialog.open) dialog.showModal();
    return () => {
      if (before instanceof HTMLElement && before.isConnected) before.focus();
    };
  }, []);
  return (
    <dialog
      ref={ref}
      className={wide ? 'dialog dialog--wide' : 'dialog'}
      aria-labelledby={id}
      data-testid={testId}
      onCancel={(event) => {
        event.preventDefault();
        onClose();
      }}
      onPointerDown={(event) => {
        if (event.target === ref.current) onClose();
      }}
    >
      <header className="dialog__head">
        <h2 id={id}>{title}</h2>
        <IconButton icon={X} label={t('action.close')} onClick={onClose} />
      </header>
      <div className="dialog__body" tabIndex={-1}>
        {children}
      </div>
      {foot !== undefined && <footer className="dialog__foot">{foot}</footer>}
    </dialog>
  );
}
