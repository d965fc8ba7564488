import { useId } from 'react';

interface TextFieldProps {
  readonly label: string;
  readonly value: string;
  /** A passphrase: not shown, not remembered by the browser. */
  readonly secret?: boolean;
  readonly testId?: string;
  /** What is in it can't be used. */
  readonly invalid?: boolean;
  readonly onChange: (value: string) => void;
}

export function TextField({ label, value, secret = false, testId, invalid = false, onChange }: TextFieldProps) {
  const id = useId();
  return (
    <div className="labelled-field">
      <label htmlFor={id}>{label}</label>
      <input
        id={id}
        className="field"
        type={secret ? 'password' : 'text'}
        autoComplete={secret ? 'new-password' : 'off'}
        spellCheck={false}
        aria-invalid={invalid}
        value={value}
        data-testid={testId}
        onChange={(event) => onChange(event.target.value)}
      />
    </div>
  );
}
