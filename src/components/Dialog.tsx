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
  /** A window beside the work, which goes on: not modal, closed by Escape while the focus is in it. */
  readonly beside?: boolean;
  readonly testId?: string;
}

/** The browser's own <dialog>. Modal, unless `beside`: focus is kept inside. Escape closes, focus goes back where it was. */
export function Dialog({ title: name, onClose, children, foot, wide = false, beside = false, testId }: DialogProps) {
  const { t } = useWords();
  const id = useId();
  const ref = useRef<HTMLDialogElement>(null);
  const title = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    const dialog = ref.current;
    const before = document.activeElement;
    if (dialog && !dialog.open) {
      if (beside) dialog.show();
      else dialog.showModal();
      // Reading starts with the title, unless a field asks for the focus. React's autoFocus comes before the dialog is shown.
      const field = dialog.querySelector<HTMLElement>('[data-autofocus]');
      if (field) field.focus();
      else if (document.activeElement?.hasAttribute('data-dialog-close') === true) title.current?.focus();
    }
    return () => {
      // Who is at work elsewhere stays there.
      const away =
        beside && document.activeElement !== document.body && dialog?.contains(document.activeElement) !== true;
      if (!away && before instanceof HTMLElement && before.isConnected) before.focus();
    };
  }, [beside]);
  return (
    <dialog
      ref={ref}
      className={`dialog${wide ? ' dialog--wide' : ''}${beside ? ' dialog--beside' : ''}`}
      aria-labelledby={id}
      data-testid={testId}
      onCancel={(event) => {
        event.preventDefault();
        onClose();
      }}
      onPointerDown={(event) => {
        if (event.target === ref.current && !beside) onClose();
      }}
      onKeyDown={(event) => {
        if (!beside || event.key !== 'Escape' || event.defaultPrevented) return;
        event.preventDefault();
        onClose();
      }}
    >
      <header className="dialog__head">
        <h2 id={id} ref={title} tabIndex={-1}>
          {name}
        </h2>
        <IconButton icon={X} label={t('action.close')} data-dialog-close onClick={onClose} />
      </header>
      <div className="dialog__body" tabIndex={0}>
        {children}
      </div>
      {foot !== undefined && <footer className="dialog__foot">{foot}</footer>}
    </dialog>
  );
}
