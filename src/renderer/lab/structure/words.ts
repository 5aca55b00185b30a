/** What a deficiency says (Feinberg 1987, doi:10.1016/0009-2509(87)80099-4), cautiously: both theorems need mass action. */
export function deficiencyWords(deficiency: number): string {
  return deficiency === 0
    ? 'Deficiency 0: with mass action and every reaction’s way back, there is one stable steady state, whatever the constants.'
    : `Deficiency ${deficiency}: the matrix alone does not rule out several steady states or oscillations.`;
}
