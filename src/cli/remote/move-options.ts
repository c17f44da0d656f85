import type { MoveRequest } from "../../api/contract/plan.ts";
import type { Given, Option } from "../frame/command.ts";
import { badUsage } from "../frame/failure.ts";

export const moveOptions: { readonly [name: string]: Option } = {
  to: { placeholder: "SITE", says: "let SITE alone serve" },
  drain: { placeholder: "SITE", says: "take SITE out; the other active sites stay" },
  add: { placeholder: "SITE", says: "let SITE serve as well" },
};

/** Exactly one of the moves. @throws PointsmanError `bad-usage` for none or several. */
export function moveOf(given: Given): MoveRequest {
  const [move, ...others] = (["to", "drain", "add"] as const).flatMap((kind) => {
    const site = given.value(kind);
    return site === undefined ? [] : [{ kind, site }];
  });
  if (move === undefined || others.length > 0) {
    throw badUsage("Say which move: one of --to, --drain and --add.", "For example: --to SITE");
  }
  return move;
}
