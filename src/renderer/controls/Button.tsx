import type { ReactNode } from 'react';
import { Icon, type IconName } from './Icon.tsx';

interface IconButtonProps {
  readonly icon: IconName;
  /** What it does, for tooltip and screen readers. */
  readonly label: string;
  readonly onClick: () => void;
  /** Its key, shown in the tooltip. */
  readonly keys?: string;
  readonly pressed?: boolean;
  readonly disabled?: boolean;
  readonly tiny?: boolean;
}

export function IconButton({ icon, label, onClick, keys, pressed, disabled, tiny }: IconButtonProps) {
  return (
    <button
      type="button"
      className={tiny ? 'icon-button tiny' : 'icon-button'}
      aria-label={label}
      aria-pressed={pressed}
      title={keys ? `${label} (${keys})` : label}
      disabled={disabled}
      onClick={onClick}
    >
      <Icon name={icon} size={tiny ? 14 : 16} />
    </button>
  );
}

interface ButtonProps {
  readonly children: ReactNode;
  readonly onClick: () => void;
  readonly kind?: 'primary' | 'plain' | 'normal';
  readonly small?: boolean;
  readonly disabled?: boolean;
  readonly icon?: IconName;
  readonly title?: string;
  /** Gets the focus when its dialog opens. */
  readonly focused?: boolean;
}

export function Button({
  children,
  onClick,
  kind = 'normal',
  small,
  disabled,
  icon,
  title,
  focused,
}: ButtonProps) {
  return (
    <button
      type="button"
      className={`button ${kind}${small ? ' small' : ''}`}
      disabled={disabled}
      title={title}
      data-autofocus={focused || undefined}
      onClick={onClick}
    >
      {icon && <Icon name={icon} size={14} />}
      {children}
    </button>
  );
}
