import { expect, it } from "vitest";
import { ManualClock, settled } from "../../test/control/manual-clock.ts";
import { Desk } from "../core/core.fixture.ts";
import type { ResolverSurvey } from "../core/integrity/resolver-survey.ts";
import type { Policy } from "../core/policy/policy.ts";
import type { ResolverSurveyRequest } from "../ports/resolver-survey.ts";
import { duration, minute } from "../values/time.ts";
import { resolverWatch } from "./resolver-watch.ts";

const resolver = (id: string) =>
  [id, { id, view: "public", endpoint: { address: "192.0.2.53", port: 53 }, channel: { via: "udp" } }] as const;
const policy: Policy = {
  ...new Desk().policy,
  resolvers: new Map([resolver("office"), resolver("faulty")]),
  brokenName: "broken.example.",
};

it("every resolver is asked each minute, for the broken name and what is steered; a fault with one holds up no other", async () => {
  const clock = new ManualClock();
  const asked: ResolverSurveyRequest[] = [];
  const taken: ResolverSurvey[] = [];
  const logged: string[] = [];
  const watch = resolverWatch({
    policy,
    clock,
    vantageOf: () => "here",
    everyMs: duration(minute),
    log: { write: (_level, event) => logged.push(event) },
    take: (survey) => taken.push(survey),
    surveyor: {
      survey(request) {
        asked.push(request);
        if (request.resolver.id === "faulty") return Promise.reject(new Error("a fault of ours"));
        const broken = { outcome: "validates", code: null } as const;
        return Promise.resolve({ resolver: "office", vantage: "here", at: clock.now(), broken, watched: [] });
      },
    },
  });
  watch.start();
  await settled();
  expect(asked[0]?.brokenName).toBe("broken.example.");
  expect(asked[0]?.watched.length).toBeGreaterThan(0);
  await clock.advance(minute);
  await settled();
  expect(taken.map(({ resolver: id }) => id)).toEqual(["office", "office"]);
  expect(logged).toEqual(["broken-promise", "broken-promise"]);
  await watch.end();
  await clock.advance(10 * minute);
  expect(taken).toHaveLength(2);
});
