import { type MoietyBalance, OPERATORS, type Operator } from '../../engine/diagnostics/balance.ts';
import { formatPower } from '../format/number.ts';

interface OperatorResidualsProps {
  readonly moiety: MoietyBalance;
  /** The operator that broke the balance, if one did. */
  readonly suspect: Operator | null;
  readonly tolerance: number;
}

/** Accumulated residual of each operator, so that a wrong one has a name. */
export function OperatorResiduals({ moiety, suspect, tolerance }: OperatorResidualsProps) {
  const scale = Math.max(Math.abs(moiety.total), Math.abs(moiety.initial));
  return (
    <table className="means operators">
      <thead>
        <tr>
          <th scope="col">Residual by operator</th>
          <th scope="col">amount</th>
          <th scope="col">relative</th>
        </tr>
      </thead>
      <tbody>
        {OPERATORS.map(operator => {
          const residual = moiety.byOperator[operator];
          const relative = scale > 0 ? Math.abs(residual) / scale : 0;
          const marked = suspect === operator || relative > tolerance;
          return (
            <tr key={operator} className={marked ? 'suspect' : ''}>
              <th scope="row">{operator}</th>
              <td className="mono">{formatPower(residual)}</td>
              <td className="mono">{formatPower(relative)}</td>
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}
