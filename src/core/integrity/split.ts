import { since, type Instant } from "../../values/time.ts";
import type { ServerMemory } from "./memory.ts";
import { serverText, type IntegrityFinding } from "./report.ts";

/**
 * The same server gives one vantage what it should and another what it should not: somebody stands in between, or it
 * tells them apart. Named by what differs; the vantages are in the figures.
 */
export function* splits(
  here: ServerMemory,
  others: Iterable<ServerMemory>,
  now: Instant,
  freshForMs: number,
): Iterable<IntegrityFinding> {
  const elsewhere = [...others].filter(
    (one) => one.address === here.address && one.vantage !== here.vantage && since(one.at, now) <= freshForMs,
  );
  for (const [aspect, verdict] of here.aspects) {
    const against = elsewhere.filter((one) => (one.aspects.get(aspect) ?? verdict) !== verdict);
    if (against.length === 0) continue;
    const about = `${serverText(here)} ${aspect}`;
    const they = against.map(({ vantage }) => vantage).toSorted();
    const [right, wrong] = verdict === "right" ? [[here.vantage], they] : [they, [here.vantage]];
    yield {
      code: "integrity-split",
      bell: "integrity",
      about,
      says: `${about}: as it should be for ${right.join(", ")}, and not for ${wrong.join(", ")}.`,
      figures: { aspect, right, wrong },
      mend: "See who answers in its place on the way to the vantage that sees it wrong.",
    };
  }
}
