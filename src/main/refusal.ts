/** Why something that a person asked for is not done, in words for them. Any other error is a fault of the program. */
export class Refusal extends Error {}
