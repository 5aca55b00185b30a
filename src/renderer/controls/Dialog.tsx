import { type ReactNode, useLayoutEffect, useRef } from 'react';

interface DialogProps {
  readonly label: string;
  readonly onClose: () => void;
  readonly children: ReactNode;
  readonly className?: string;
}

/** A modal dialog: the browser's own, which keeps focus inside, gives it back, and closes on Escape. */
export function Dialog({ label, onClose, children, className }: DialogProps) {
  const element = useRef<HTMLDialogElement>(null);
  // Before the element leaves the page: only then does closing it give the focus back.
  useLayoutEffect(() => {
    const dialog = element.current;
    if (dialog && !dialog.open) dialog.showModal();
    // The browser would take the first button, which is seldom what one came for.
    dialog?.querySelector<HTMLElement>('[data-autofocus]')?.focus();
    return () => dialog?.close();
  }, []);
  return (
    <dialog
      ref={element}
      className={className}
      aria-label={label}
      onCancel={event => {
        event.preventDefault();
        onClose();
      }}
      onKeyDown={event => event.stopPropagation()}
      onClick={event => {
        if (event.target === element.current) onClose();
      }}
    >
      {children}
    </dialog>
  );
}
