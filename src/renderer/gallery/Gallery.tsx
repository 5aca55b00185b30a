import { useState } from 'react';
import { Button } from '../controls/Button.tsx';
import { Dialog } from '../controls/Dialog.tsx';
import { Icon } from '../controls/Icon.tsx';
import { useWorkbench } from '../state/context.ts';
import { CATALOGUE, type CatalogueEntry } from './catalogue.ts';

/** The scenarios that come with the app: one click, and it runs. */
export function Gallery() {
  const workbench = useWorkbench();
  const { ui } = workbench;
  const [query, setQuery] = useState('');
  const words = query.toLowerCase().trim();
  const found = CATALOGUE.filter(({ title, caption }) => `${title} ${caption}`.toLowerCase().includes(words));
  return (
    <Dialog label="Gallery" onClose={() => ui.set({ overlay: null })} className="gallery">
      <header className="row spread">
        <div>
          <h1>Choose a scenario</h1>
          <p className="muted">One click, and it runs.</p>
        </div>
        <div className="row">
          {CATALOGUE.length > 9 && (
            <input
              className="field"
              type="search"
              aria-label="Search scenarios"
              placeholder="Search"
              value={query}
              onChange={event => setQuery(event.target.value)}
            />
          )}
          <Button icon="open" onClick={() => void workbench.openFile()}>
            Open a file
          </Button>
          <button
            type="button"
            className="icon-button"
            aria-label="Close the gallery"
            onClick={() => ui.set({ overlay: null })}
          >
            <Icon name="close" />
          </button>
        </div>
      </header>
      <ul className="gallery-cards">
        {found.map((entry, i) => (
          <li key={entry.name}>
            <Card entry={entry} index={i} onClick={() => workbench.openGallery(entry.name)} />
          </li>
        ))}
      </ul>
      {found.length === 0 && <p className="muted gallery-none">No scenario mentions “{query}”.</p>}
    </Dialog>
  );
}

function Card(props: {
  readonly entry: CatalogueEntry;
  readonly index: number;
  readonly onClick: () => void;
}) {
  const { entry, index, onClick } = props;
  return (
    <button type="button" className="card" data-autofocus={index === 0 ? true : undefined} onClick={onClick}>
      <span className="card-image">
        {entry.thumbnail ? <img src={entry.thumbnail} alt="" /> : <Placeholder seed={index} />}
      </span>
      <span className="card-title">{entry.title}</span>
      {entry.caption && <span className="card-caption muted small">{entry.caption}</span>}
    </button>
  );
}

/** A drawn colony where there is no thumbnail: discs on a sunflower spiral, turned by the card's number. */
function Placeholder({ seed }: { readonly seed: number }) {
  const discs = Array.from({ length: 46 }, (_, i) => {
    const angle = i * 2.399963 + seed * 1.7;
    const distance = 6.4 * Math.sqrt(i + 0.3);
    return {
      x: 120 + distance * 1.25 * Math.cos(angle),
      y: 67 + distance * Math.sin(angle),
      r: 4.6 - i * 0.03,
    };
  });
  return (
    <svg viewBox="0 0 240 135" aria-hidden="true" preserveAspectRatio="xMidYMid slice">
      {discs.map(({ x, y, r }, i) => (
        <circle
          key={`${x} ${y}`}
          cx={x}
          cy={y}
          r={r}
          className={(i * 7 + seed) % 5 === 0 ? 'placeholder-cell accent' : 'placeholder-cell'}
        />
      ))}
    </svg>
  );
}
