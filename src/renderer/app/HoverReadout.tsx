import { useEffect, useRef } from 'react';
import { formatCount, formatValue } from '../../picture/format/number.ts';
import { formatConcentration } from '../../picture/format/units.ts';
import { useWorkbench } from '../state/context.ts';

/** Place, concentrations and cell under the pointer, written straight into the page. */
export function HoverReadout() {
  const { readings, session, frames } = useWorkbench();
  const element = useRef<HTMLOutputElement>(null);
  useEffect(() => {
    const write = () => {
      const { hover } = readings.get();
      const { scenario } = session.get();
      const output = element.current;
      if (!output) return;
      output.hidden = hover === null || scenario === null;
      if (!hover || !scenario) return;
      const { x, y, z } = hover.at;
      const place = [x, y, ...(scenario.grid.dimensions === 3 ? [z] : [])]
        .map(value => value.toFixed(1))
        .join(', ');
      const parts = [`${place}\u202fµm`];
      hover.concentrations.forEach((value, f) => {
        parts.push(`${scenario.fields[f]?.name ?? ''} ${formatConcentration(value)}`);
      });
      const frame = frames.current;
      if (hover.cell !== null && frame && hover.cell < frame.count) {
        const type = scenario.cellTypes[frame.type[hover.cell]]?.name ?? 'cell';
        parts.push(
          `${type} ${formatCount(frame.id[hover.cell])}, ${formatValue(frame.volume[hover.cell])}\u202fµm³`,
        );
      }
      output.textContent = parts.join('   ');
    };
    write();
    return readings.subscribe(write);
  }, [readings, session, frames]);
  return <output ref={element} className="hover-readout mono" hidden />;
}
