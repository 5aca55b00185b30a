import { type ReactNode, useId } from 'react';
import { useWorkbench } from '../state/context.ts';
import { useStore } from '../state/store.ts';
import { Icon } from './Icon.tsx';

interface SectionProps {
  /** Under which its fold is remembered. */
  readonly name: string;
  readonly title: string;
  readonly aside?: ReactNode;
  readonly children: ReactNode;
}

/** A part of a panel that folds under its title; the fold is remembered. */
export function Section({ name, title, aside, children }: SectionProps) {
  const { preferences } = useWorkbench();
  const folded = useStore(preferences, state => state.folded.includes(name));
  const id = useId();
  const toggle = () => {
    const others = preferences.get().folded.filter(other => other !== name);
    preferences.set({ folded: folded ? others : [...others, name] });
  };
  return (
    <section className="section">
      <h2>
        <button type="button" aria-expanded={!folded} aria-controls={id} onClick={toggle}>
          <Icon name="chevron" size={14} />
          {title}
          {aside !== undefined && <span className="aside ellipsis">{aside}</span>}
        </button>
      </h2>
      <div id={id} hidden={folded}>
        {!folded && <div className="section-body">{children}</div>}
      </div>
    </section>
  );
}
