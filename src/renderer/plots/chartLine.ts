/** One line of a chart; `low` and `high` make a band around it. */
export interface ChartLine {
  readonly label: string;
  readonly colour: string;
  /** Of the band, or inside bars. */
  readonly wash?: string;
  readonly values: ArrayLike<number>;
  readonly low?: ArrayLike<number>;
  readonly high?: ArrayLike<number>;
  readonly dashed?: boolean;
  /** Thin and without a name: one of many. */
  readonly quiet?: boolean;
  /** Level from each place to the next, as the outline of bars. */
  readonly stepped?: boolean;
}
