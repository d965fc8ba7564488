import type { LucideIcon } from 'lucide-react';
import { useRef, type ReactNode } from 'react';
import { Button } from './Button';

interface FilePickerProps {
  readonly label: string;
  /** Endings and types, as `accept` of an input. */
  readonly accept: string;
  readonly icon?: LucideIcon;
  readonly size?: 'small' | 'normal';
  readonly multiple?: boolean;
  readonly disabled?: boolean;
  /** Of the input, for tests. */
  readonly testId?: string;
  /** Of the button. */
  readonly buttonId?: string;
  /** Beside the button: what was picked. */
  readonly children?: ReactNode;
  readonly onPick: (files: readonly [File, ...File[]]) => void;
}

/** A button that lets a person pick files. The same file can be picked again. */
export function FilePicker({ label, accept, icon, size, multiple = false, disabled = false, testId, buttonId, children, onPick }: FilePickerProps) {
  const input = useRef<HTMLInputElement>(null);
  return (
    <div className="file-picker">
      <Button
        disabled={disabled}
        data-testid={buttonId}
        onClick={() => input.current?.click()}
        {...(icon !== undefined && { icon })}
        {...(size !== undefined && { size })}
      >
        {label}
      </Button>
      <input
        ref={input}
        type="file"
        accept={accept}
        multiple={multiple}
        hidden
        aria-label={label}
        data-testid={testId}
        onChange={(event) => {
          const [first, ...more] = event.target.files ?? [];
          event.target.value = '';
          if (first !== undefined) onPick([first, ...more]);
        }}
      />
      {children}
    </div>
  );
} // prettier-ignore
