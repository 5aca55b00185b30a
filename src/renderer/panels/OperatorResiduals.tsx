import { type MoietyBalance, OPERATORS } from '../../engine/diagnostics/balance.ts';
import { formatPower } from '../../picture/format/number.ts';

interface OperatorResidualsProps {
  readonly moiety: MoietyBalance;
  /** Whether this moiety's balance is broken: then the operator that did it is marked. */
  readonly broken: boolean;
}

/** Accumulated residual of each operator, so that a wrong one has a name. */
export function OperatorResiduals({ moiety, broken }: OperatorResidualsProps) {
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
          const marked = broken && moiety.suspect === operator;
          return (
            <tr key={operator} className={marked ? 'suspect' : ''}>
              <th scope="row">{operator}</th>
              <td className="num">{formatPower(residual)}</td>
              <td className="num">{formatPower(relative)}</td>
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}
