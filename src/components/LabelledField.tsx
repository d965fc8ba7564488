import { useId, type ComponentProps, type ReactNode } from 'react';

interface NumberFieldProps extends Omit<ComponentProps<'input'>, 'type' | 'value' | 'onChange'> {
  readonly label: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
}

/** A labelled number; kept as typed, since half a number is no number yet. */
export function NumberField({ label, value, onChange, ...rest }: NumberFieldProps) {
  const id = useId();
  return (
    <div className="labelled-field">
      <label htmlFor={id}>{label}</label>
      <input
        {...rest}
        id={id}
        className="field"
        type="number"
        value={value}
        onChange={(event) => onChange(event.target.value)}
      />
    </div>
  );
}

interface SelectFieldProps<T extends string> {
  readonly label: string;
  readonly value: T;
  readonly choices: readonly { readonly value: T; readonly label: string }[];
  readonly disabled?: boolean;
  readonly testId?: string;
  readonly onChange: (value: T) => void;
}

export function SelectField<T extends string>({ label, value, choices, disabled, testId, onChange }: SelectFieldProps<T>): ReactNode {
  const id = useId();
  return (
    <div className="labelled-field">
      <label htmlFor={id}>{label}</label>
      <select
        id={id}
        className="field"
        value={value}
        disabled={disabled}
        data-testid={testId}
        onChange={(event) => {
          const chosen = choices.find((c) => c.value === event.target.value);
          if (chosen) onChange(chosen.value);
        }}
      >
        {choices.map((choice) => (
          <option key={choice.value} value={choice.value}>
            {choice.label}
          </option>
        ))}
      </select>
    </div>
  );
} // prettier-ignore
