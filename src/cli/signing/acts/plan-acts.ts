import { PointsmanError } from "../../../values/refusal.ts";
import { isNonEmpty } from "../../../values/non-empty.ts";
import { sha256OfJson } from "../../../values/sha256.ts";
import { badUsage } from "../../frame/failure.ts";
import type { Act, Sentence } from "../act.ts";
import { failoverOf, planSubject, word } from "../words.ts";

const onPlan = { takes: { least: 1, most: 1 }, usage: ["FAILOVER [--reason TEXT]"], options: {} } as const;

/** A word for the exact plan of an open failover. */
function wordAct(kind: "validate" | "approve" | "execute" | "reverse", summary: string, details: Act["details"]): Act {
  return {
    ...onPlan,
    name: kind,
    summary,
    details,
    sentence: ({ given, basis }): Sentence => ({
      kind,
      subject: planSubject(basis, word(given, 0, "failover")),
      terms: {},
    }),
  };
}

const grounds = ["target-unsafe", "wrong-signal", "work-in-progress", "data-at-risk", "other"] as const;

/** What is said of an open plan. */
export const planActs: readonly Act[] = [
  wordAct("validate", "say that a plan's target is safe", [
    "Without a word it checks the settings and the policy. With a failover it is the duty validate, signed.",
  ]),
  wordAct("approve", "say yes to exactly the plan that you saw", []),
  wordAct("execute", "have an authorised plan carried out, where policy names people for that", []),
  wordAct("reverse", "say yes to the way home", []),
  {
    ...onPlan,
    name: "veto",
    usage: ["FAILOVER --ground GROUND [--reason TEXT]"],
    summary: "end a failover before its first write, and bar that move for a while",
    details: [`Grounds: ${grounds.join(", ")}.`],
    options: { ground: { placeholder: "GROUND", says: grounds.join(", ") } },
    sentence: ({ given, basis }) => {
      const text = given.value("ground") ?? "other";
      const ground = grounds.find((one) => one === text);
      if (ground === undefined) throw badUsage(`There is no ground ${text}.`, `Give one of: ${grounds.join(", ")}.`);
      return { kind: "veto", subject: planSubject(basis, word(given, 0, "failover")), terms: { ground } };
    },
  },
  {
    ...onPlan,
    name: "waive",
    usage: ["FAILOVER [--gate GATE ...] [--reason TEXT]"],
    summary: "take a judgement gate upon yourself, with the figures that it gives now",
    details: [
      "Names each gate with its code and the hash of its figures: other figures need another waiver.",
      "Without --gate: every judgement gate that holds the plan. It is reviewed within a day.",
    ],
    options: { gate: { placeholder: "GATE", says: "a gate that holds the plan", repeats: true } },
    sentence: ({ given, basis }) => {
      const { failover, gates } = failoverOf(basis, word(given, 0, "failover"));
      const asked = given.values("gate");
      const holding = gates.filter(
        ({ gate, kind, code, result }) =>
          code !== null &&
          (result === "refuse" || result === "wait") &&
          kind === "judgement" &&
          (asked.length === 0 || asked.includes(gate)),
      );
      const named = holding.flatMap(({ gate, code, figures }) =>
        code === null ? [] : [{ gate, code, figures: sha256OfJson(figures) }],
      );
      const missing = asked.filter((gate) => !named.some((one) => one.gate === gate));
      if (!isNonEmpty(named) || missing.length > 0) throw nothingToWaive(failover, missing);
      return { kind: "waive", subject: planSubject(basis, failover), terms: { gates: [...named] } };
    },
  },
];

function nothingToWaive(failover: string, missing: readonly string[]): PointsmanError {
  const which = missing.length === 0 ? "No judgement gate holds it" : `These do not hold it: ${missing.join(", ")}`;
  return new PointsmanError({
    code: "nothing-to-waive",
    says: `There is nothing to waive for ${failover}. ${which}.`,
    figures: { failover, missing: [...missing] },
    mend: `See its gates with: pointsman why ${failover.replace(/-\d+$/, "")}`,
  });
}
