import { pass, refuse, type Gate } from "./gate.ts";

/**
 * N10: somebody signed against a head of the log that this journal does not contain. One of the two is not what it claims
 * to be, and until people have settled which, nothing is written.
 */
export const logNotDisputed: Gate = {
  name: "log-not-disputed",
  kind: "absolute",
  check({ world }) {
    const { dispute } = world.authority;
    if (dispute === null) return pass;
    return refuse(
      "log-disputed",
      `A statement of ${dispute.by} names ${dispute.claimed.size} entries of a log that this journal does not contain.`,
      { statement: dispute.statement, by: dispute.by, at: dispute.at },
      "Compare the journal with the one that was seen; two other people then sign: pointsman resume --dispute",
    );
  },
};
