import { VERSION } from '../../engine/version.ts';
import { formatClock } from '../../picture/format/time.ts';
import type { ScenarioInfo } from '../../session/contract.ts';

/** Where a figure comes from: what it carries in its metadata, so that it can be made again. */
export interface Provenance {
  /** Title of the scenario. */
  readonly title: string;
  readonly seed: string;
  /** File of the scenario. */
  readonly scenario: string;
  /** `Cellfield 0.1.0` */
  readonly software: string;
  /** Simulated time or stretch of it, s. */
  readonly from: number;
  readonly to: number;
  /** Edits made by hand before the end of the stretch: with them the scenario and seed alone are not enough. */
  readonly edits: number;
}

export function provenanceOf(
  scenario: Pick<ScenarioInfo, 'title' | 'seed' | 'file'>,
  log: readonly { readonly time: number }[],
  from: number,
  to: number = from,
): Provenance {
  return {
    title: scenario.title,
    seed: scenario.seed,
    scenario: scenario.file,
    software: `Cellfield ${VERSION}`,
    from,
    to,
    edits: log.filter(({ time }) => time <= to).length,
  };
}

/** In one line: `scenario dish.yaml, seed 5, Cellfield 0.1.0, 0:00:00 to 1:00:00`. */
export function describeProvenance({ scenario, seed, software, from, to, edits }: Provenance): string {
  const stretch = from === to ? `at ${clock(from)}` : `${clock(from)} to ${clock(to)}`;
  const edited = edits === 0 ? '' : `, ${edits} ${edits === 1 ? 'edit' : 'edits'} by hand`;
  return `scenario ${scenario}, seed ${seed}, ${software}, ${stretch}${edited}`;
}

/** As keyword and text; the keywords are those that PNG names for title, software and description, and plain ones. */
export function entriesOf(provenance: Provenance): [keyword: string, text: string][] {
  return [
    ['Title', provenance.title],
    ['Software', provenance.software],
    ['Description', describeProvenance(provenance)],
    ['Scenario', provenance.scenario],
    ['Seed', provenance.seed],
    [
      'Simulated time',
      provenance.from === provenance.to
        ? `${provenance.from} s`
        : `${provenance.from} s to ${provenance.to} s`,
    ],
  ];
}

function clock(seconds: number): string {
  return formatClock(seconds, Number.isInteger(seconds) ? 0 : 3);
}
