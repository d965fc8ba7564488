import type { LucideIcon } from 'lucide-react';
import type { ComponentProps, ReactNode } from 'react';
import { useTip } from './Tip';

type Look = 'plain' | 'primary' | 'ghost' | 'danger';

interface ButtonProps extends ComponentProps<'button'> {
  readonly look?: Look;
  readonly size?: 'small' | 'normal' | 'large';
  readonly icon?: LucideIcon;
  readonly children: ReactNode;
}

export function Button({ look = 'plain', size = 'normal', icon: Icon, children, className, ...rest }: ButtonProps) {
  const names = ['button', look !== 'plain' && `button--${look}`, size !== 'normal' && `button--${size}`, className];
  return (
    <button type="button" {...rest} className={names.filter(Boolean).join(' ')}>
      {Icon && <Icon size={size === 'large' ? 18 : 16} aria-hidden />}
      {children}
    </button>
  );
}

interface IconButtonProps extends Omit<ComponentProps<'button'>, 'children' | 'aria-label' | 'title'> {
  readonly icon: LucideIcon;
  /** Its name, spoken and shown on hover and focus. */
  readonly label: string;
  /** The shortcut, shown beside the name. */
  readonly keys?: string | undefined;
  readonly small?: boolean;
}

export function IconButton({ icon: Icon, label, keys, small = false, className, ...rest }: IconButtonProps) {
  const tip = useTip(label, keys);
  const names = ['icon-button', small && 'icon-button--small', className].filter(Boolean).join(' ');
  return (
    <button type="button" aria-label={label} {...rest} {...tip} className={names}>
      <Icon size={small ? 14 : 16} aria-hidden />
    </button>
  );
}
