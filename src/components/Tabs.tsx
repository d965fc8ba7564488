import type { KeyboardEvent, ReactNode } from 'react';

export interface TabSpec<T extends string> {
  readonly value: T;
  readonly label: string;
  /** A count beside the name. */
  readonly count?: string | undefined;
}

interface TabsProps<T extends string> {
  readonly label: string;
  readonly id: string;
  readonly value: T;
  readonly tabs: readonly TabSpec<T>[];
  readonly onChange: (value: T) => void;
}

export function Tabs<T extends string>({ label, id, value, tabs, onChange }: TabsProps<T>) {
  const onKeyDown = (event: KeyboardEvent<HTMLDivElement>) => {
    const at = tabs.findIndex((tab) => tab.value === value);
    const to = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: tabs.length - 1 }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    const next = tabs[(to + tabs.length) % tabs.length];
    if (!next) return;
    onChange(next.value);
    document.getElementById(`${id}-tab-${next.value}`)?.focus();
  };
  return (
    <div className="tabs" role="tablist" aria-label={label} onKeyDown={onKeyDown}>
      {tabs.map((tab) => (
        <button
          key={tab.value}
          type="button"
          role="tab"
          id={`${id}-tab-${tab.value}`}
          aria-selected={tab.value === value}
          aria-controls={`${id}-panel`}
          tabIndex={tab.value === value ? 0 : -1}
          onClick={() => onChange(tab.value)}
        >
          {tab.label}
          {tab.count !== undefined && <span className="badge">{tab.count}</span>}
        </button>
      ))}
    </div>
  );
}

interface TabPanelProps {
  readonly id: string;
  readonly value: string;
  readonly className?: string;
  readonly children: ReactNode;
}

export function TabPanel({ id, value, className, children }: TabPanelProps) {
  return (
    <div role="tabpanel" id={`${id}-panel`} aria-labelledby={`${id}-tab-${value}`} className={className} tabIndex={-1}>
      {children}
    </div>
  );
}
