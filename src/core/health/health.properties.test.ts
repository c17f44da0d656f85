import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { duration } from "../../values/time.ts";
import { HealthWorld } from "./health.fixture.ts";
import type { ProbeTarget } from "./observation.ts";

/*
 * Histories of any batches, told to the fold and to a plain model beside it, which keeps every observation and applies the
 * rules from the end backwards.
 */

const vantages = { a: "isp-a", b: "isp-b", c: "isp-c", d: "isp-a" } as const;
const names = ["a", "b", "c", "d"] as const;
const bands = {
  lost: { kind: "verdict", site: "fra", verdict: "down", vantages: 2, forMs: duration(8000) },
  degraded: { kind: "error-rate", site: "fra", overPercent: 20, forMs: duration(8000) },
} as const;

interface Step {
  readonly waitMs: number;
  readonly vantage: (typeof names)[number];
  readonly control: "reached" | "lost";
  /** What is seen of fra and of iad; `undefined`: nothing. */
  readonly sees: readonly [string | undefined, string | undefined];
}

const seen = fc.option(fc.constantFrom("pass", "pass", "timeout", "connect-refused"), { nil: undefined });
const step: fc.Arbitrary<Step> = fc.record({
  waitMs: fc.constantFrom(0, 0, 700, 5000, 18_000),
  vantage: fc.constantFrom(...names),
  control: fc.constantFrom<Step["control"]>("reached", "reached", "reached", "reached", "reached", "lost"),
  sees: fc.tuple(seen, seen),
});
const history = fc.oneof(fc.array(step, { maxLength: 60 }), outage());

describe("for any history of batches", () => {
  it("a site is down only while a quorum of independent, fresh and connected voices says so (and up likewise)", () => {
    const verdicts = new Map<string, number>();
    fc.assert(
      fc.property(history, fc.constantFrom(0, 16_000, 17_001), (steps, waitMs) => {
        const world = new HealthWorld({ vantages });
        const model = new Model();
        for (const one of steps) play(world, model, one);
        world.mono += waitMs;
        for (const [check, site] of ["fra", "iad"].entries()) {
          const { verdict, domains } = world.site(site);
          verdicts.set(verdict, (verdicts.get(verdict) ?? 0) + 1);
          expect({ verdict, up: domains.up, down: domains.down }).toEqual(model.count(check, world.mono));
        }
      }),
      { numRuns: 500 },
    );
    // The property says something only where all of them occur.
    expect([...verdicts.keys()].toSorted()).toEqual(["disputed", "down", "unknown", "up"]);
  });

  it("a vantage that is cut off takes a verdict away and makes none: to unknown or disputed, never to up or down", () => {
    fc.assert(
      fc.property(history, fc.constantFrom(...names), (steps, vantage) => {
        const world = new HealthWorld({ vantages });
        for (const one of steps) play(world, new Model(), one);
        const before = world.site("fra");
        world.batch(vantage, () => "connect-refused", "lost");
        const after = world.site("fra");
        expect([before.verdict, "unknown", "disputed"]).toContain(after.verdict);
        expect(after.domains.up).toBeLessThanOrEqual(before.domains.up);
        expect(after.domains.down).toBeLessThanOrEqual(before.domains.down);
      }),
    );
  });

  it("the order of one moment's batches of different vantages does not show in the verdicts", () => {
    const orders = fc.shuffledSubarray([...names], { minLength: names.length });
    const round = fc.record({
      waitMs: fc.constantFrom(1000, 5000, 18_000),
      steps: fc.tuple(
        ...names.map((vantage) => step.map(({ control, sees }) => ({ waitMs: 0, vantage, control, sees }))),
      ),
    });
    fc.assert(
      fc.property(fc.array(fc.tuple(round, orders), { maxLength: 20 }), (rounds) => {
        const inOrder = new HealthWorld({ vantages });
        const shuffled = new HealthWorld({ vantages });
        for (const [{ waitMs, steps }, order] of rounds) {
          inOrder.mono += waitMs;
          shuffled.mono += waitMs;
          for (const one of steps) play(inOrder, new Model(), one);
          for (const vantage of order)
            for (const one of steps) if (one.vantage === vantage) play(shuffled, new Model(), one);
          expect(withoutTimes(shuffled)).toEqual(withoutTimes(inOrder));
        }
      }),
    );
  });

  it("neither does it matter when, or whether, somebody asks in between", () => {
    fc.assert(
      fc.property(history, (steps) => {
        const quiet = new HealthWorld({ vantages, bands });
        const asked = new HealthWorld({ vantages, bands });
        for (const world of [quiet, asked]) world.of();
        for (const one of steps) {
          for (let passed = 0; passed < one.waitMs; passed += 500) {
            asked.of();
            asked.mono += Math.min(500, one.waitMs - passed);
          }
          quiet.mono += one.waitMs;
          for (const world of [quiet, asked]) play(world, new Model(), { ...one, waitMs: 0 });
        }
        expect(asked.of()).toEqual(quiet.of());
      }),
    );
  });
});

/** Ten rounds in which sites are lost for good, some vantages see otherwise, and some voices go missing. */
function outage(): fc.Arbitrary<Step[]> {
  const fate = fc.record({ sees: fc.tuple(seen, seen), silentAfter: fc.integer({ min: 3, max: 30 }) });
  return fc.tuple(...names.map(() => fate)).map((fates) =>
    Array.from({ length: 10 }, (_, round) =>
      names.flatMap((vantage, place): Step[] => {
        const { sees, silentAfter } = fates[place] ?? { sees: [undefined, undefined], silentAfter: 0 };
        if (round >= silentAfter) return [];
        return [{ waitMs: place === 0 ? 5000 : 0, vantage, control: "reached", sees }];
      }),
    ).flat(),
  );
}

function play(world: HealthWorld, model: Model, { waitMs, vantage, control, sees }: Step): void {
  world.mono += waitMs;
  const see = (target: ProbeTarget): string | undefined => sees[target.check];
  world.batch(vantage, see, control);
  model.take(vantage, control, sees, world.mono);
}

// `judged` is left out too: it stays true once a full round was seen, were it for a moment between two batches.
function withoutTimes(world: HealthWorld) {
  const { sites, voices, cutOff } = world.of();
  const verdicts = Object.values(sites).map(({ verdict, reason, domains, records, ready, errorPercent }) => {
    return { verdict, reason, domains, records, ready, errorPercent };
  });
  return { verdicts, voices, cutOff };
}

/** Every observation since a vantage was last cut off, judged from the end backwards. */
class Model {
  readonly #seen = new Map<string, { mono: number; passed: boolean }[]>();
  readonly #lost = new Set<string>();

  take(vantage: string, control: Step["control"], sees: Step["sees"], mono: number): void {
    if (control === "lost") {
      this.#lost.add(vantage);
      this.#seen.delete(`${vantage} 0`);
      this.#seen.delete(`${vantage} 1`);
      return;
    }
    this.#lost.delete(vantage);
    for (const [check, reason] of sees.entries()) {
      if (reason === undefined) continue;
      const key = `${vantage} ${check}`;
      this.#seen.set(key, [...(this.#seen.get(key) ?? []), { mono, passed: reason === "pass" }]);
    }
  }

  count(check: number, mono: number) {
    const says = new Map<string, Set<string>>();
    for (const vantage of names) {
      const ofDomain = says.get(vantages[vantage]) ?? new Set<string>();
      ofDomain.add(this.#says(vantage, check, mono));
      says.set(vantages[vantage], ofDomain);
    }
    const voices = [...says.values()];
    const up = voices.filter((one) => one.has("up")).length;
    const down = voices.filter((one) => one.has("down") && !one.has("up") && !one.has("lost")).length;
    const verdict = up >= 2 ? "up" : down >= 2 ? "down" : up > 0 && down > 0 ? "disputed" : "unknown";
    return { verdict, up, down };
  }

  #says(vantage: string, check: number, mono: number): string {
    if (this.#lost.has(vantage)) return "lost";
    const all = this.#seen.get(`${vantage} ${check}`) ?? [];
    let start = all.length;
    let next = mono;
    while (start > 0 && next - (all[start - 1]?.mono ?? 0) <= 17_000) {
      start -= 1;
      next = all[start]?.mono ?? 0;
    }
    const unbroken = all.slice(start).map(({ passed }) => (passed ? "p" : "f"));
    const text = unbroken.join("");
    // What was reached last: rise is 2, fall is 3.
    return text.lastIndexOf("pp") > text.lastIndexOf("fff") ? "up" : text.includes("fff") ? "down" : "silent";
  }
}
