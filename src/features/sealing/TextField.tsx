import { useId } from 'react';

interface TextFieldProps {
  readonly label: string;
  readonly value: string;
  /** A passphrase: not shown, not remembered by the browser. */
  readonly secret?: boolean;
  readonly testId?: string;
  readonly onChange: (value: string) => void;
}

export function TextField({ label, value, secret = false, testId, onChange }: TextFieldProps) {
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
        value={value}
        data-testid={testId}
        onChange={(event) => onChange(event.target.value)}
      />
    </div>
  );
}
